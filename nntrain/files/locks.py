"""Locks on open files and folders, which the system takes away when a process ends, however it ends."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["NO_FOLLOW", "NO_WAIT", "is_same_file", "list_entries", "open_owned", "try_lock"]

# Flags of ``os.open``: no symbolic link, and no waiting for the other end of a pipe. Windows has neither.
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def try_lock(descriptor: int) -> bool | None:
    """Lock an open file or folder. False if another process holds it; None where that cannot be known."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return None
    return True


def is_same_file(descriptor: int, path: Path) -> bool:
    """Whether an open file or folder is still the one under its name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


def open_owned(path: Path) -> int | None:
    """Open a file or folder that this user owns to lock it; None for a link, one of others, and what is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW | NO_WAIT)
    except OSError:
        return None
    if hasattr(os, "getuid") and os.fstat(descriptor).st_uid != os.getuid():
        os.close(descriptor)
        return None
    return descriptor


def list_entries(folder: Path, name: re.Pattern[str]) -> list[Path]:
    """What is in a folder under such names; nothing in one that cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if name.fullmatch(entry.name)]
    except OSError:
        return []
