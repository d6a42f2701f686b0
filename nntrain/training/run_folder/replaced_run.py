"""A run that another one overwrites, until that one is worth keeping."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from nntrain.files.own_files import move_path, remove_path
from nntrain.files.pinned_folders import open_pinned
from nntrain.training.run_folder.folder_lock import unlock_folder

__all__ = ["BACKUP_NAMES", "ReplacedRun"]

# Folders inside that of the run. Only ``.replaced`` is complete, and only with it there are files of a newer run.
BACKUP_NAMES = (".replaced", ".replacing")


class ReplacedRun:
    """What ``--force`` overwrites, in ``.replaced`` inside its folder.

    ``mark``: the file without which there is no run; it goes first and comes back last, so that a kill at any moment
    loses nothing. ``clear`` takes all of the newer run away.
    """

    def __init__(self, folder: Path, mark: str, clear: Callable[[], None]) -> None:
        self.folder = folder
        self.marker = mark
        self.clear = clear
        self.path, self.moving_path = (folder / name for name in BACKUP_NAMES)

    @property
    def is_kept(self) -> bool:
        """Whether there is something to give back, and all else in the folder is that of a newer run."""
        return self.path.is_dir()

    def set_aside(self, items: Iterable[Path]) -> None:
        """Put files and folders aside."""
        self.delete()
        with open_pinned(self.folder) as folder:
            (folder / self.moving_path.name).mkdir(mode=0o700, exist_ok=True)
        for item in sorted(items, key=lambda item: item.name != self.marker):
            move_path(item, self.moving_path / item.name)
        move_path(self.moving_path, self.path)

    def put_back(self) -> None:
        """Put them back, if there are any. What is there under their names must be gone already."""
        if self.is_kept:
            move_path(self.path, self.moving_path)
        if self.moving_path.is_dir():
            for item in sorted(self.moving_path.iterdir(), key=lambda item: item.name == self.marker):
                move_path(item, self.folder / item.name)
            with open_pinned(self.folder) as folder:
                (folder / self.moving_path.name).rmdir()

    def delete(self) -> None:
        """Delete them."""
        with suppress(OSError):
            remove_path(self.path)

    def recover(self) -> None:
        """Bring back a run whose replacement was killed before it was begun."""
        if not (self.folder / self.marker).is_file():
            if self.is_kept:
                self.clear()
            self.put_back()

    def abandon(self) -> None:
        """Take away a run that came to nothing, and bring back the one that it replaced; without one, the folder."""
        self.clear()
        self.put_back()
        unlock_folder(self.folder)
        with suppress(OSError):  # somebody put other things in
            self.folder.rmdir()
