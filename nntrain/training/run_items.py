"""What a run, or a cross-validation, has in its folder."""

from __future__ import annotations

import re
from pathlib import Path

from nntrain.errors import RunError
from nntrain.files.kinds import check_kind

__all__ = ["check_items", "check_place", "run_around"]

FILES = re.compile(
    r"\.lock|(given|config|folds)\.toml|(run|scores|profile|folds)\.json|metrics\.jsonl|best(-epoch-\d+)?\.h5"
    r"|(step|best)-\d+\.h5(\.damaged)?"
)
FOLDERS = re.compile(r"checkpoints|logs|fold-\d+|\.replaced|\.replacing")


def check_items(folder: Path) -> None:
    """RunError if a link, a pipe or a device is where a run has a file or a folder: what it leads to is not the run's.

    Nothing is touched. The folder itself may be a link, which its user named.
    """
    for item in folder.iterdir() if folder.is_dir() else ():
        if FOLDERS.fullmatch(item.name):
            check_kind(item, "folder")
            check_items(item)
        elif FILES.fullmatch(item.name):
            check_kind(item, "file")


def check_place(folder: Path) -> None:
    """RunError if no run can be in ``folder``, because a file or a link to nothing is there, or on the way to it."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            return
        if place.is_symlink() or place.exists():
            found = "a file" if place.exists() else "a symbolic link to nothing"
            raise RunError(f"{place}: expected a folder, got {found}; choose another with --out, or remove it")


def run_around(path: Path) -> Path | None:
    """The folder of a run, or of a cross-validation, that a path is in."""
    for folder in path.absolute().resolve().parents:
        # A file that is merely called config.toml may be any program's.
        about, *configs = ((folder / name).is_file() for name in ("run.json", "given.toml", "config.toml"))
        if (about and any(configs)) or (folder / "folds.toml").is_file():
            return folder
    return None
