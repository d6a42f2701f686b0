"""What a run, or a cross-validation, has in its folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from nntrain.errors import RunError
from nntrain.files.own_files import check_path_kind

__all__ = ["check_output_file", "check_run_items", "check_run_path", "find_enclosing_run"]

FILE_NAMES = re.compile(
    r"\.lock|(given|config|folds)\.toml|(run|scores|profile|folds)\.json|metrics\.jsonl|best(-epoch-\d+)?\.h5"
    r"|(step|best)-\d+\.h5(\.damaged)?"
)
FOLDER_NAMES = re.compile(r"checkpoints|logs|fold-\d+|\.replaced|\.replacing")


def check_run_items(folder: Path) -> None:
    """RunError if a link, a pipe or a device is where a run has a file or a folder: what it leads to is not the run's.

    Nothing is touched. The folder itself may be a link, which its user named.
    """
    for item in folder.iterdir() if folder.is_dir() else ():
        if FOLDER_NAMES.fullmatch(item.name):
            check_path_kind(item, "folder")
            check_run_items(item)
        elif FILE_NAMES.fullmatch(item.name):
            check_path_kind(item, "file")


def check_run_path(folder: Path) -> None:
    """RunError if no run can be in ``folder``, because a file or a link to nothing is there, or on the way to it."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            return
        if place.is_symlink() or place.exists():
            found = "a file" if place.exists() else "a symbolic link to nothing"
            raise RunError(f"{place}: expected a folder, got {found}; choose another with --out, or remove it")


def find_enclosing_run(path: Path) -> Path | None:
    """The folder of a run, or of a cross-validation, that a path is in."""
    for folder in path.absolute().resolve().parents:
        # A file that is merely called config.toml may be any program's.
        about, *configs = ((folder / name).is_file() for name in ("run.json", "given.toml", "config.toml"))
        if (about and any(configs)) or (folder / "folds.toml").is_file():
            return folder
    return None


def check_output_file(path: Path, inputs: Iterable[Path]) -> None:
    """RunError if writing to ``path`` would overwrite an input, under whatever name, or something of a run.

    Also for a link, of which only its user knows whether it or the file that it leads to is to be replaced.
    """
    if path.exists():
        if not path.is_file():
            raise RunError(f"{path}: expected the name of a file to write, got something else")
        for source in inputs:
            if source.exists() and path.samefile(source):
                raise RunError(f"{path}: this is the input {source} itself; choose another name")
    if path.is_symlink():
        raise RunError(f"{path}: a symbolic link to {os.readlink(path)}; name the file itself, or remove the link")
    if folder := find_enclosing_run(path):
        raise RunError(f"{path}: is in the run folder {folder}; choose a name outside of it")
