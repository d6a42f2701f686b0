"""Locks on open files and folders, which the system releases when the process ends in any way."""

import os
import re
from pathlib import Path

# Flags of ``os.open``: do not follow links, and do not wait for the other end of a pipe. Windows has neither.
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def try_lock(descriptor: int, *, shared: bool = False) -> bool | None:
    """Lock an open file or folder. False if another process has locked it; None if there are no locks.

    ``shared``: several processes may have the lock together, unless one has locked it for itself.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return None
    return True


def is_same_file(descriptor: int, path: Path) -> bool:
    """Whether a path is still that of an open file or folder."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


def open_owned(path: Path) -> int | None:
    """Open a file or folder of this user to lock it; None if it is a link, belongs to another user, or is missing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW | NO_WAIT)
    except OSError:
        return None
    if hasattr(os, "getuid") and os.fstat(descriptor).st_uid != os.getuid():
        os.close(descriptor)
        return None
    return descriptor


def list_entries(folder: Path, name: re.Pattern[str]) -> list[Path]:
    """Return the entries of a folder that match ``name``; empty for a folder that cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if name.fullmatch(entry.name)]
    except OSError:
        return []
