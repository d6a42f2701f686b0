"""The files of a run or a cross-validation."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from nntrain.errors import RunError
from nntrain.files.own_files import check_path_kind

FILE_NAMES = re.compile(
    r"\.lock|(given|config|folds)\.toml|(run|scores|profile|folds)\.json|metrics\.jsonl|best(-epoch-\d+)?\.h5|report\.html"
    r"|(step|best)-\d+\.h5(\.damaged)?"
)
FOLDER_NAMES = re.compile(r"checkpoints|logs|fold-\d+|refit|\.replaced|\.replacing")


def check_run_items(folder: Path) -> None:
    """RunError if a link, a pipe or a device is in place of a file or a folder of a run.

    Nothing is changed. The folder itself may be a link that the user named.
    """
    for item in folder.iterdir() if folder.is_dir() else ():
        if FOLDER_NAMES.fullmatch(item.name):
            check_path_kind(item, "folder")
            check_run_items(item)
        elif FILE_NAMES.fullmatch(item.name):
            check_path_kind(item, "file")


def check_run_path(folder: Path) -> None:
    """RunError if ``folder`` or one of its parents is a file or a broken link."""
    for path in (folder, *folder.parents):
        if path.is_dir():
            return
        if path.is_symlink() or path.exists():
            found = "a file" if path.exists() else "a broken symbolic link"
            raise RunError(f"{path}: expected a folder, got {found}; choose another with --out, or remove it")


def find_enclosing_run(path: Path) -> Path | None:
    """Return the folder of the run or cross-validation that contains a path."""
    for folder in path.absolute().resolve().parents:
        # A config.toml alone may belong to any program.
        metadata, *configs = ((folder / name).is_file() for name in ("run.json", "given.toml", "config.toml"))
        if (metadata and any(configs)) or (folder / "folds.toml").is_file():
            return folder
    return None


def check_output_file(path: Path, inputs: Iterable[Path]) -> None:
    """RunError if writing to ``path`` would overwrite an input, under any name, or a file of a run.

    Also for a link, because it is unclear whether to replace the link or its target.
    """
    if path.exists():
        if not path.is_file():
            raise RunError(f"{path}: expected a file name to write, got a folder or a device")
        for source in inputs:
            if source.exists() and path.samefile(source):
                raise RunError(f"{path}: is the input file; choose another name")
    if path.is_symlink():
        raise RunError(f"{path}: a symbolic link to {os.readlink(path)}; use the name of the file, or remove the link")
    if folder := find_enclosing_run(path):
        raise RunError(f"{path}: is in the run folder {folder}; choose a name outside it")
