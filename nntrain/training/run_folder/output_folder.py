"""The base of the folders of runs and of cross-validations."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from nntrain.errors import RunError
from nntrain.files.own_files import move_path, remove_path
from nntrain.files.pinned_folders import open_pinned
from nntrain.shell_command import format_command
from nntrain.training.run_folder.folder_lock import LOCK_NAME, lock_folder, unlock_folder
from nntrain.training.run_folder.run_files import check_run_items, check_run_path

# Folders inside the run folder. Only ``.replaced`` is complete, and only next to it are files of a newer run.
BACKUP_NAMES = (".replaced", ".replacing")


class OutputFolder:
    """A folder that is created, locked, and replaced only if it contains nothing else.

    ``kind``: its content, for messages; ``item_names``: the names of all that may be in it, including temporary files;
    ``kept_names``: those of files that only --force may replace.
    Content that ``--force`` replaces is backed up in ``.replaced`` in the folder until the new one is worth keeping.
    Its config is moved first and restored last, so that a kill at any moment loses nothing.
    """

    kind: ClassVar[str]
    item_names: ClassVar[re.Pattern[str]]
    kept_names: ClassVar[re.Pattern[str]]

    def __init__(self, path: Path, config_name: str) -> None:
        self.path = path
        self.config = path / config_name
        self.backup, self.moving_path = (path / name for name in BACKUP_NAMES)

    @property
    def is_started(self) -> bool:
        """Whether the content was started: its config exists."""
        return self.config.is_file()

    def check_free(self, force: bool) -> None:
        """RunError if the folder contains other files, or content that ``force`` does not allow to replace."""
        check_run_path(self.path)
        if not self.path.exists():
            return
        check_run_items(self.path)
        found = {item.name for item in self.path.iterdir()} - {LOCK_NAME, *BACKUP_NAMES}
        foreign = sorted(name for name in found if not self.item_names.fullmatch(name))
        if foreign:
            raise RunError(f"{self.path}: the folder has other files ({foreign[0]}); choose another with --out")
        if any(map(self.kept_names.fullmatch, found)) and not force:
            raise RunError(
                f"{self.path}: {self.kind} exists; resume it: {format_command('resume', self.path)}; "
                "overwrite it: --force; or choose another folder: --out"
            )

    def create(self, force: bool) -> None:
        """Create the folder without older content, and lock it. RunError if another process uses it.

        Older content is moved to the backup, which ``delete_backup`` deletes, and ``abandon`` restores.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock_folder(self.path)
        self.recover()
        self.check_free(force)
        if self.is_started:
            self.back_up(self.list_items())
        self.clear()

    def list_items(self) -> list[Path]:
        """Return everything in the folder that belongs to the content, the config first."""
        items = self.path.iterdir() if self.path.is_dir() else ()
        return sorted((item for item in items if self.item_names.fullmatch(item.name)), key=self.config.__ne__)

    def clear(self) -> None:
        """Delete the content, the config first."""
        for item in self.list_items():
            remove_path(item)

    def back_up(self, items: Iterable[Path]) -> None:
        """Move files and folders, the config first, to the backup."""
        self.delete_backup()
        with open_pinned(self.path) as folder:
            (folder / self.moving_path.name).mkdir(mode=0o700, exist_ok=True)
        for item in items:
            move_path(item, self.moving_path / item.name)
        move_path(self.moving_path, self.backup)

    def restore_backup(self) -> None:
        """Restore the backup, if there is one. Files with the same names must have been deleted before."""
        if self.backup.is_dir():
            move_path(self.backup, self.moving_path)
        if self.moving_path.is_dir():
            for item in sorted(self.moving_path.iterdir(), key=lambda item: item.name == self.config.name):
                move_path(item, self.path / item.name)
            with open_pinned(self.path) as folder:
                (folder / self.moving_path.name).rmdir()

    def delete_backup(self) -> None:
        """Delete the backup."""
        with suppress(OSError):
            remove_path(self.backup)

    def recover(self) -> None:
        """Restore content whose replacement was killed before it started."""
        if not self.is_started:
            if self.backup.is_dir():
                self.clear()
            self.restore_backup()

    def abandon(self) -> None:
        """Delete the new content and restore the replaced one; if there is none, delete the folder."""
        self.clear()
        self.restore_backup()
        unlock_folder(self.path)
        with suppress(OSError):  # the folder contains other files
            self.path.rmdir()
