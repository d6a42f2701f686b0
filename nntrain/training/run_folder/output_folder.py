"""The base of the folders of runs and of cross-validations."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nntrain.errors import RunError
from nntrain.files.own_files import move_path, remove_path
from nntrain.files.pinned_folders import open_pinned
from nntrain.shell_command import format_command
from nntrain.training.run_folder.folder_lock import LOCK_NAME, lock_folder, unlock_folder
from nntrain.training.run_folder.run_files import check_run_items, check_run_path

# The configs of the two kinds of content: a run, and runs of folds.
RUN_CONFIG_NAME, FOLDS_CONFIG_NAME = "config.toml", "folds.toml"

# The best network of a run that diverged and was resumed from an earlier epoch.
ASIDE_PREFIX = "best-epoch-"

# All that may be in a folder, including temporary files. --force replaces one kind of content by the other.
ITEM_NAMES = re.compile(
    r"(given|config)\.toml|(run|scores|profile)\.json|metrics\.jsonl|best\.h5|report\.html|checkpoints|logs"
    rf"|refit|folds\.(toml|json)|fold-\d+|{ASIDE_PREFIX}.*|\..*\.tmp"
)

# Files that only --force may replace. Those of a run that was killed before it started may be replaced.
KEPT_NAMES = re.compile(r"config\.toml|metrics\.jsonl|best\.h5|scores\.json|folds\.(toml|json)|fold-\d+")

# Folders inside the run folder. Only ``.replaced`` is complete, and only next to it are files of a newer run.
BACKUP_NAMES = (".replaced", ".replacing")


class OutputFolder:
    """A folder that is created, locked, and replaced only if it contains nothing else.

    Content that ``--force`` replaces is backed up in ``.replaced`` in the folder until the new one is worth keeping.
    Its config is moved first and restored last, so that a kill at any moment loses nothing.
    """

    def __init__(self, path: Path, config_name: str) -> None:
        self.path = path
        self.config = path / config_name
        self.backup, self.moving_path = (path / name for name in BACKUP_NAMES)

    @property
    def is_started(self) -> bool:
        """Whether the content was started: its config exists."""
        return self.config.is_file()

    @property
    def has_content(self) -> bool:
        """Whether the folder has content of either kind."""
        return any((self.path / name).is_file() for name in (RUN_CONFIG_NAME, FOLDS_CONFIG_NAME))

    def check_free(self, force: bool) -> None:
        """RunError if the folder contains other files, or content that ``force`` does not allow to replace."""
        check_run_path(self.path)
        if not self.path.exists():
            return
        check_run_items(self.path)
        found = {item.name for item in self.path.iterdir()} - {LOCK_NAME, *BACKUP_NAMES}
        foreign = sorted(name for name in found if not ITEM_NAMES.fullmatch(name))
        if foreign:
            raise RunError(f"{self.path}: the folder has other files ({foreign[0]}); choose another with --out")
        if any(map(KEPT_NAMES.fullmatch, found)) and not force:
            raise RunError(
                f"{self.path}: run exists; resume it: {format_command('resume', self.path)}; "
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
        if self.has_content:
            self.back_up(self.list_items())
        self.clear()

    def list_items(self) -> list[Path]:
        """Return everything in the folder that belongs to the content, the config first."""
        items = self.path.iterdir() if self.path.is_dir() else ()
        return sorted((item for item in items if ITEM_NAMES.fullmatch(item.name)), key=is_no_config)

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
            for item in sorted(self.moving_path.iterdir(), key=is_no_config, reverse=True):
                move_path(item, self.path / item.name)
            with open_pinned(self.path) as folder:
                (folder / self.moving_path.name).rmdir()

    def delete_backup(self) -> None:
        """Delete the backup."""
        with suppress(OSError):
            remove_path(self.backup)

    def recover(self) -> None:
        """Restore content whose replacement was killed before it started."""
        if not self.has_content:
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


def is_no_config(item: Path) -> bool:
    """Whether a file or folder is not the config of the content."""
    return item.name not in (RUN_CONFIG_NAME, FOLDS_CONFIG_NAME)
