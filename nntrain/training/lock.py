"""One process at a time in a run folder."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
from pathlib import Path
from typing import IO

from nntrain.errors import RunError

__all__ = ["LOCK", "lock", "unlock"]

LOCK = ".lock"

# The folders that this process has locked. The system lets go of them when it ends, however it ends.
HELD: dict[Path, IO[str]] = {}


def lock(folder: Path) -> None:
    """Keep other processes out of a folder until ``unlock``, or until this process ends.

    RunError, which names who is in there, if another is.
    """
    where = folder.resolve()
    if where in HELD:
        return
    while True:
        file = (where / LOCK).open("a+", encoding="utf-8")
        try:
            take(file)
        except OSError:
            file.seek(0)
            who = file.read().strip() or "another process"
            file.close()
            raise RunError(f"{folder}: in use by {who}; wait for it, or stop it") from None
        # Whoever held it before may have taken the file away between the two.
        if (where / LOCK).exists() and os.path.samestat(os.fstat(file.fileno()), (where / LOCK).stat()):
            break
        file.close()
    file.truncate(0)
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
    HELD[where] = file
    atexit.register(unlock, where)


def unlock(folder: Path) -> None:
    """Let others in."""
    file = HELD.pop(folder.resolve(), None)
    if file is not None:
        with contextlib.suppress(OSError):  # Windows keeps an open file
            os.unlink(file.name)
        file.close()


def take(file: IO[str]) -> None:
    """Lock an open file. OSError if another process has."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(0x40000000)  # far behind the text, which others may then read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
