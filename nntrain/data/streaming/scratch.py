"""Folders for files that are needed for a while only."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["scratch"]

PREFIX = "making-"

# Seconds after which a folder that nobody holds was left by a process that was killed, and not just made.
OLD = 60.0


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A new folder in ``parent``, which is gone afterwards. Those that killed processes left there go before."""
    import tempfile

    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # its process may end meanwhile
            if time.time() - left.stat().st_mtime > OLD:
                clear(left)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=parent) as name, held(Path(name)):
        yield Path(name)


def clear(left: Path) -> None:
    """Take a folder away unless somebody holds it."""
    with held(left) as nobody_else:
        if nobody_else:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Lock a folder, which the system undoes when the process ends, however it ends; gives whether nobody else has.

    False as well where folders cannot be locked, as on Windows.
    """
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        nobody_else = True
    except OSError:
        nobody_else = False
    try:
        yield nobody_else
    finally:
        os.close(descriptor)
