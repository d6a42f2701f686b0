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

from nntrain.files.held import entries_of, hold, is_at, open_ours

__all__ = ["process_folder", "remove_left", "temporary_folder"]

# What their names say: for a file next to it, for a process, for the rows of a cache, for a trial.
PREFIXES = (".nntrain-", "nntrain-", "making-", "predicting-", "nntrain-verify-")

# How their names end: that of a folder which somebody else calls ``nntrain-...`` does not.
SUFFIX = ".tmp"

NAME = re.compile(rf"({'|'.join(map(re.escape, PREFIXES))})[a-z0-9_]{{8}}{re.escape(SUFFIX)}")


@contextmanager
def temporary_folder(parent: Path | None = None, prefix: str = "nntrain-") -> Iterator[Path]:
    """Yield a new folder that only this user may enter, in ``parent`` or that of the system; it is removed afterwards.

    ``prefix``: one of PREFIXES. Folders that killed processes left there are removed before.
    """
    where = Path(tempfile.gettempdir()) if parent is None else parent
    remove_left(where)
    folder, held = create(where, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


@cache
def process_folder() -> Path:
    """A folder that is removed when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(temporary_folder())


def create(parent: Path, prefix: str) -> tuple[Path, int | None]:
    """A new folder, and the descriptor that holds it where there are locks."""
    while True:
        folder = Path(tempfile.mkdtemp(SUFFIX, prefix, parent))
        descriptor = open_ours(folder)
        held = None if descriptor is None else hold(descriptor)
        # Another process may have treated it as left over before it was held.
        if held and descriptor is not None and is_at(descriptor, folder):
            return folder, descriptor
        if descriptor is not None:
            os.close(descriptor)
        if held is None and folder.is_dir():
            return folder, None


def remove_left(parent: Path) -> None:
    """Remove the temporary folders of processes that have ended: those that no process holds."""
    for folder in entries_of(parent, NAME):
        descriptor = open_ours(folder)
        if descriptor is None:
            continue
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) and hold(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)
