"""Folders for files that are needed for a while only."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from nntrain.files.locks import NO_FOLLOW, is_same_file, list_entries, open_owned, try_lock
from nntrain.files.pinned_folders import get_descriptor_path, open_pinned

__all__ = ["create_temporary_folder", "get_process_folder", "remove_stale_folders"]

# What their names say: for a file next to it, for a process, for the rows of a cache, for rows of another file (once
# ``predicting-``), for a trial.
PREFIXES = (".nntrain-", "nntrain-", "making-", "reading-", "predicting-", "nntrain-verify-")

# How their names end: that of a folder which somebody else calls ``nntrain-...`` does not.
SUFFIX = ".tmp"

NAME_PATTERN = re.compile(rf"({'|'.join(map(re.escape, PREFIXES))})[a-z0-9_]{{8}}{re.escape(SUFFIX)}")


@contextmanager
def create_temporary_folder(parent: Path | None = None, prefix: str = "nntrain-") -> Iterator[Path]:
    """Yield a new folder that only this user may enter, in ``parent`` or that of the system; it is removed afterwards.

    ``prefix``: one of PREFIXES. Folders that killed processes left there are removed before. The name is pinned: it is
    that of this process alone, which ``resolve`` makes one for all.
    """
    if prefix not in PREFIXES:
        raise ValueError(f"expected one of {PREFIXES}, got {prefix!r}: nobody would remove what a killed process left")
    with open_pinned(Path(tempfile.gettempdir()) if parent is None else parent) as where:
        remove_stale_folders(where)
        folder, held = create_locked_folder(where, prefix)
        try:
            yield get_descriptor_path(held, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if held is not None:
                os.close(held)


@cache
def get_process_folder() -> Path:
    """A folder that is removed when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(create_temporary_folder()).resolve()


def create_locked_folder(parent: Path, prefix: str) -> tuple[Path, int | None]:
    """A new folder, and its descriptor, which holds it where there are locks. Windows opens no folders."""
    while True:
        folder = Path(tempfile.mkdtemp(SUFFIX, prefix, parent))
        if os.name == "nt":
            return folder, None
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | NO_FOLLOW)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:  # no more files may be open
            folder.rmdir()
            raise
        # Another process may have treated it as left over before it was held, or put another in its place.
        if is_owned(descriptor, folder) and try_lock(descriptor) is not False and is_same_file(descriptor, folder):
            return folder, descriptor
        os.close(descriptor)


def is_owned(descriptor: int, folder: Path) -> bool:
    """Whether this user owns an open folder, or all that is made on its file system belongs to somebody else."""
    if os.fstat(descriptor).st_uid == os.getuid():
        return True
    with tempfile.TemporaryFile(dir=get_descriptor_path(descriptor, folder)) as file:
        return os.fstat(file.fileno()).st_uid != os.getuid()


def remove_stale_folders(parent: Path) -> None:
    """Remove the temporary folders of processes that have ended: those that no process holds."""
    for folder in list_entries(parent, NAME_PATTERN):
        descriptor = open_owned(folder)
        if descriptor is None:
            continue
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) and try_lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)
