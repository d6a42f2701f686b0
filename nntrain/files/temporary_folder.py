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

from nntrain.files.held import NO_FOLLOW, entries_of, hold, is_at, open_ours
from nntrain.files.pinned import name_of, pinned

__all__ = ["process_folder", "remove_left", "temporary_folder"]

# What their names say: for a file next to it, for a process, for the rows of a cache, for rows of another file (once
# ``predicting-``), for a trial.
PREFIXES = (".nntrain-", "nntrain-", "making-", "reading-", "predicting-", "nntrain-verify-")

# How their names end: that of a folder which somebody else calls ``nntrain-...`` does not.
SUFFIX = ".tmp"

NAME = re.compile(rf"({'|'.join(map(re.escape, PREFIXES))})[a-z0-9_]{{8}}{re.escape(SUFFIX)}")


@contextmanager
def temporary_folder(parent: Path | None = None, prefix: str = "nntrain-") -> Iterator[Path]:
    """Yield a new folder that only this user may enter, in ``parent`` or that of the system; it is removed afterwards.

    ``prefix``: one of PREFIXES. Folders that killed processes left there are removed before. The name is pinned: it is
    that of this process alone, which ``resolve`` makes one for all.
    """
    if prefix not in PREFIXES:
        raise ValueError(f"expected one of {PREFIXES}, got {prefix!r}: nobody would remove what a killed process left")
    with pinned(Path(tempfile.gettempdir()) if parent is None else parent) as where:
        remove_left(where)
        folder, held = create(where, prefix)
        try:
            yield name_of(held, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if held is not None:
                os.close(held)


@cache
def process_folder() -> Path:
    """A folder that is removed when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(temporary_folder()).resolve()


def create(parent: Path, prefix: str) -> tuple[Path, int | None]:
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
        if is_own(descriptor, folder) and hold(descriptor) is not False and is_at(descriptor, folder):
            return folder, descriptor
        os.close(descriptor)


def is_own(descriptor: int, folder: Path) -> bool:
    """Whether this user owns an open folder, or all that is made on its file system belongs to somebody else."""
    if os.fstat(descriptor).st_uid == os.getuid():
        return True
    with tempfile.TemporaryFile(dir=name_of(descriptor, folder)) as file:
        return os.fstat(file.fileno()).st_uid != os.getuid()


def remove_left(parent: Path) -> None:
    """Remove the temporary folders of processes that have ended: those that no process holds."""
    for folder in entries_of(parent, NAME):
        descriptor = open_ours(folder)
        if descriptor is None:
            continue
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) and hold(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)
