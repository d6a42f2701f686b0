"""A run that another one overwrites, until that one is worth keeping."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

__all__ = ["KEPT_NAMES", "Replaced"]

# Folders inside that of the run. Only ``.replaced`` is complete, and only with it there are files of a newer run.
KEPT_NAMES = (".replaced", ".replacing")


class Replaced:
    """What ``--force`` overwrites, in ``.replaced`` inside its folder.

    ``mark``: the file without which there is no run; it goes first and comes back last, so that a kill at any moment
    loses nothing.
    """

    def __init__(self, folder: Path, mark: str) -> None:
        self.folder = folder
        self.mark = mark
        self.path, self.moving = (folder / name for name in KEPT_NAMES)

    @property
    def kept(self) -> bool:
        """Whether there is something to give back, and all else in the folder is that of a newer run."""
        return self.path.is_dir()

    def take(self, items: Iterable[Path]) -> None:
        """Put files and folders aside."""
        self.drop()
        self.moving.mkdir(mode=0o700, exist_ok=True)
        for item in sorted(items, key=lambda item: item.name != self.mark):
            os.replace(item, self.moving / item.name)
        os.replace(self.moving, self.path)

    def give_back(self) -> None:
        """Put them back, if there are any. What is there under their names must be gone already."""
        if self.kept:
            os.replace(self.path, self.moving)
        if self.moving.is_dir():
            for item in sorted(self.moving.iterdir(), key=lambda item: item.name == self.mark):
                os.replace(item, self.folder / item.name)
            self.moving.rmdir()

    def drop(self) -> None:
        """Delete them."""
        shutil.rmtree(self.path, ignore_errors=True)
