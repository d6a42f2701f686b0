"""The base of the folders of runs and of cross-validations."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from nntrain.errors import RunError
from nntrain.files.own_files import remove_path
from nntrain.shell_command import format_command
from nntrain.training.run_folder.folder_lock import LOCK_NAME, lock_folder
from nntrain.training.run_folder.replaced_run import BACKUP_NAMES, ReplacedRun
from nntrain.training.run_folder.run_files import check_run_items, check_run_path


class OutputFolder(ABC):
    """A folder that is created, locked, and replaced only if it contains nothing else.

    ``kind``: its content, for messages; ``item_names``: the names of all that may be in it, including temporary files.
    """

    kind: ClassVar[str]
    item_names: ClassVar[re.Pattern[str]]

    def __init__(self, path: Path, config_name: str) -> None:
        self.path = path
        self.config = path / config_name
        self.replaced_run = ReplacedRun(path, config_name, self.clear)

    @property
    def is_started(self) -> bool:
        """Whether the content was started: its config exists."""
        return self.config.is_file()

    @abstractmethod
    def is_taken(self, names: set[str]) -> bool:
        """Whether files with these names may only be replaced by --force."""

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
        if self.is_taken(found) and not force:
            raise RunError(
                f"{self.path}: {self.kind} exists; resume it: {format_command('resume', self.path)}; "
                "overwrite it: --force; or choose another folder: --out"
            )

    def create(self, force: bool) -> None:
        """Create the folder without older content, and lock it. RunError if another process uses it.

        Older content is moved to ``replaced_run``, which later deletes or restores it.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock_folder(self.path)
        self.replaced_run.recover()
        self.check_free(force)
        if self.is_started:
            self.replaced_run.set_aside(self.list_items())
        self.clear()

    def list_items(self) -> list[Path]:
        """Return everything in the folder that belongs to the content, the config first."""
        items = self.path.iterdir() if self.path.is_dir() else ()
        return sorted((item for item in items if self.item_names.fullmatch(item.name)), key=self.config.__ne__)

    def clear(self) -> None:
        """Delete the content, the config first."""
        for item in self.list_items():
            remove_path(item)
