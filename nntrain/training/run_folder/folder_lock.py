"""Lock a run folder for one process."""

import atexit
import contextlib
import os
import socket
from pathlib import Path
from typing import IO

from nntrain.errors import RunError
from nntrain.files.locks import is_same_file, open_owned, try_lock
from nntrain.files.own_files import open_own_file, remove_path
from nntrain.files.pinned_folders import pin_folder, unpin_folder
from nntrain.training.run_folder.run_files import check_run_items

LOCK_NAME = ".lock"

# The lock files of this process by absolute folder. The system releases them when the process ends in any way.
HELD_LOCKS: dict[Path, IO[str]] = {}


def lock_folder(folder: Path) -> None:
    """Lock a folder until ``unlock_folder``, or until this process ends.

    It also pins the folder: nothing in it is reached through a link. RunError if another process has locked it, with
    the process, and for links in place of the files and folders of a run.
    """
    where = Path(os.path.abspath(folder))
    if where in HELD_LOCKS and is_same_file(HELD_LOCKS[where].fileno(), folder / LOCK_NAME):
        return
    unlock_folder(folder)
    pin_folder(folder)
    try:
        check_run_items(folder)
        HELD_LOCKS[where] = open_lock_file(folder)
    except BaseException:
        unpin_folder(folder)
        raise
    atexit.register(unlock_folder, where)


def open_lock_file(folder: Path) -> IO[str]:
    """Open and lock the lock file of a folder, and write this process to it."""
    path = folder / LOCK_NAME
    while True:
        file = open(open_own_file(path, os.O_RDWR | os.O_CREAT), "r+", encoding="utf-8")  # noqa: SIM115 (held)
        try:
            lock_file(file)
        except OSError:
            file.seek(0)
            owner = file.read().strip() or "another process"
            file.close()
            raise RunError(f"{folder}: in use by {owner}; wait for it, or stop it") from None
        # The previous owner may have removed the file between open and lock.
        if is_same_file(file.fileno(), path):
            if os.fstat(file.fileno()).st_nlink == 1:
                break
            remove_path(path)  # the file has another name too, and must not be overwritten
        file.close()
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
    return file


def is_in_use(folder: Path) -> bool:
    """Whether another process has locked a folder. Nothing is changed."""
    descriptor = open_owned(folder / LOCK_NAME)
    if descriptor is None:
        return False
    try:
        # Several processes may ask at the same time.
        return try_lock(descriptor, shared=True) is False
    finally:
        os.close(descriptor)


def unlock_folder(folder: Path) -> None:
    """Unlock a folder."""
    file = HELD_LOCKS.pop(Path(os.path.abspath(folder)), None)
    if file is not None:
        with contextlib.suppress(OSError):  # Windows does not remove an open file
            if is_same_file(file.fileno(), folder / LOCK_NAME):
                remove_path(folder / LOCK_NAME)
        file.close()
        unpin_folder(folder)


def lock_file(file: IO[str]) -> None:
    """Lock an open file. OSError if another process has locked it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(0x40000000)  # far after the text, which other processes can then read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
