"""Back up a run that another run replaces, until the new one is worth keeping."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from nntrain.files.own_files import move_path, remove_path
from nntrain.files.pinned_folders import open_pinned
from nntrain.training.run_folder.folder_lock import unlock_folder

# Folders inside the run folder. Only ``.replaced`` is complete, and only next to it are files of a newer run.
BACKUP_NAMES = (".replaced", ".replacing")


class ReplacedRun:
    """The backup of the run that ``--force`` replaces, in ``.replaced`` inside its folder.

    ``marker``: the file that defines a run; it is moved first and restored last, so that a kill at any moment loses
    nothing. ``clear`` deletes the newer run.
    """

    def __init__(self, folder: Path, marker: str, clear: Callable[[], None]) -> None:
        self.folder = folder
        self.marker = marker
        self.clear = clear
        self.path, self.moving_path = (folder / name for name in BACKUP_NAMES)

    @property
    def is_kept(self) -> bool:
        """Whether there is a backup, and everything else in the folder belongs to a newer run."""
        return self.path.is_dir()

    def set_aside(self, items: Iterable[Path]) -> None:
        """Move files and folders to the backup."""
        self.delete()
        with open_pinned(self.folder) as folder:
            (folder / self.moving_path.name).mkdir(mode=0o700, exist_ok=True)
        for item in sorted(items, key=lambda item: item.name != self.marker):
            move_path(item, self.moving_path / item.name)
        move_path(self.moving_path, self.path)

    def put_back(self) -> None:
        """Restore the backup, if there is one. Files with the same names must have been deleted before."""
        if self.is_kept:
            move_path(self.path, self.moving_path)
        if self.moving_path.is_dir():
            for item in sorted(self.moving_path.iterdir(), key=lambda item: item.name == self.marker):
                move_path(item, self.folder / item.name)
            with open_pinned(self.folder) as folder:
                (folder / self.moving_path.name).rmdir()

    def delete(self) -> None:
        """Delete the backup."""
        with suppress(OSError):
            remove_path(self.path)

    def recover(self) -> None:
        """Restore a run whose replacement was killed before it started."""
        if not (self.folder / self.marker).is_file():
            if self.is_kept:
                self.clear()
            self.put_back()

    def abandon(self) -> None:
        """Delete the new run and restore the replaced one; if there is none, delete the folder."""
        self.clear()
        self.put_back()
        unlock_folder(self.folder)
        with suppress(OSError):  # the folder contains other files
            self.folder.rmdir()
