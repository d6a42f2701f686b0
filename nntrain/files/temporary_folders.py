"""Temporary folders."""

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

# The prefixes of their names: for a file next to it, for a process, for the rows of a cache, for rows of another file
# (in older versions ``predicting-``), for verify-resume.
PREFIXES = (".nntrain-", "nntrain-", "making-", "reading-", "predicting-", "nntrain-verify-")

# The suffix of their names, which other folders named ``nntrain-...`` do not have.
SUFFIX = ".tmp"

NAME_PATTERN = re.compile(rf"({'|'.join(map(re.escape, PREFIXES))})[a-z0-9_]{{8}}{re.escape(SUFFIX)}")


@contextmanager
def create_temporary_folder(parent: Path | None = None, prefix: str = "nntrain-") -> Iterator[Path]:
    """Yield a new private folder in ``parent`` (default: the system's), which is removed afterwards.

    ``prefix``: one of PREFIXES. Folders of killed processes are removed first. The path is pinned and valid in this
    process only; ``resolve`` returns one for other processes.
    """
    if prefix not in PREFIXES:
        raise ValueError(f"expected one of {PREFIXES}, got {prefix!r}: folders of killed processes would stay")
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
    """Return a folder that is removed when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(create_temporary_folder()).resolve()


def create_locked_folder(parent: Path, prefix: str) -> tuple[Path, int | None]:
    """Create a folder, and return it with its locked descriptor; None on Windows, which cannot open folders."""
    while True:
        folder = Path(tempfile.mkdtemp(SUFFIX, prefix, parent))
        if os.name == "nt":
            return folder, None
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | NO_FOLLOW)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:  # too many open files
            folder.rmdir()
            raise
        # Another process may have removed it as stale before it was locked, or have replaced it.
        if is_owned(descriptor, folder) and try_lock(descriptor) is not False and is_same_file(descriptor, folder):
            return folder, descriptor
        os.close(descriptor)


def is_owned(descriptor: int, folder: Path) -> bool:
    """Whether this user owns an open folder, or its file system assigns all files to another user."""
    if os.fstat(descriptor).st_uid == os.getuid():
        return True
    with tempfile.TemporaryFile(dir=get_descriptor_path(descriptor, folder)) as file:
        return os.fstat(file.fileno()).st_uid != os.getuid()


def remove_stale_folders(parent: Path) -> None:
    """Remove the temporary folders that no process has locked, because theirs has ended."""
    for folder in list_entries(parent, NAME_PATTERN):
        descriptor = open_owned(folder)
        if descriptor is None:
            continue
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) and try_lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)
