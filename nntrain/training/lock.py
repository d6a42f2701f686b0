"""One process at a time in a run folder."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
from pathlib import Path
from typing import IO

from nntrain.errors import RunError
from nntrain.files.held import is_at
from nntrain.files.kinds import open_file
from nntrain.training.run_items import check_items

__all__ = ["LOCK", "lock", "unlock"]

LOCK = ".lock"

# The folders that this process has locked. The system lets go of them when it ends, however it ends.
HELD: dict[Path, IO[str]] = {}


def lock(folder: Path) -> None:
    """Keep other processes out of a folder until ``unlock``, or until this process ends.

    RunError, which names who is in there, if another is; and for links in the place of what a run has in its folder.
    """
    where = folder.resolve()
    if where in HELD:
        return
    check_items(folder)
    while True:
        file = open(open_file(where / LOCK, os.O_RDWR | os.O_CREAT), "r+", encoding="utf-8")  # noqa: SIM115 (held)
        try:
            take(file)
        except OSError:
            file.seek(0)
            who = file.read().strip() or "another process"
            file.close()
            raise RunError(f"{folder}: in use by {who}; wait for it, or stop it") from None
        # Whoever held it before may have taken the file away between the two.
        if is_at(file.fileno(), where / LOCK):
            if os.fstat(file.fileno()).st_nlink == 1:
                break
            (where / LOCK).unlink()  # a file of another name too, which is not to be written to
        file.close()
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
    HELD[where] = file
    atexit.register(unlock, where)


def unlock(folder: Path) -> None:
    """Let others in."""
    where = folder.resolve()
    file = HELD.pop(where, None)
    if file is not None:
        with contextlib.suppress(OSError):  # Windows keeps an open file
            if is_at(file.fileno(), where / LOCK):
                (where / LOCK).unlink()
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
