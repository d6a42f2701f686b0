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
from nntrain.files.pinned import pin, unpin
from nntrain.files.remove import remove
from nntrain.training.run_items import check_items

__all__ = ["LOCK", "lock", "unlock"]

LOCK = ".lock"

# The folders that this process has locked, by absolute paths. The system lets go of them when it ends, however it ends.
HELD: dict[Path, IO[str]] = {}


def lock(folder: Path) -> None:
    """Keep other processes out of a folder until ``unlock``, or until this process ends.

    Until then the folder is the one that it is now, and nothing in it is reached through a link. RunError, which names
    who is in there, if another is; and for links in the place of what a run has in its folder.
    """
    where = Path(os.path.abspath(folder))
    if where in HELD and is_at(HELD[where].fileno(), folder / LOCK):
        return
    unlock(folder)
    pin(folder)
    try:
        check_items(folder)
        HELD[where] = held(folder)
    except BaseException:
        unpin(folder)
        raise
    atexit.register(unlock, where)


def held(folder: Path) -> IO[str]:
    """The open file that locks a folder, with the name of this process in it."""
    path = folder / LOCK
    while True:
        file = open(open_file(path, os.O_RDWR | os.O_CREAT), "r+", encoding="utf-8")  # noqa: SIM115 (held)
        try:
            take(file)
        except OSError:
            file.seek(0)
            who = file.read().strip() or "another process"
            file.close()
            raise RunError(f"{folder}: in use by {who}; wait for it, or stop it") from None
        # Whoever held it before may have taken the file away between the two.
        if is_at(file.fileno(), path):
            if os.fstat(file.fileno()).st_nlink == 1:
                break
            remove(path)  # a file of another name too, which is not to be written to
        file.close()
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
    return file


def unlock(folder: Path) -> None:
    """Let others in."""
    file = HELD.pop(Path(os.path.abspath(folder)), None)
    if file is not None:
        with contextlib.suppress(OSError):  # Windows keeps an open file
            if is_at(file.fileno(), folder / LOCK):
                remove(folder / LOCK)
        file.close()
        unpin(folder)


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
