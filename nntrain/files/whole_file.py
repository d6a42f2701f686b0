"""Files that are complete or not there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nntrain.files.pinned import pinned
from nntrain.files.temporary_folder import temporary_folder
from nntrain.refusal import reason_of

__all__ = ["HIDDEN", "flush", "link", "named", "whole_file"]

# How the names of temporary folders next to a user's files start.
HIDDEN = ".nntrain-"


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yield a new, empty file to write to, which is renamed to ``path`` once it is on the disk.

    If anything fails, ``path`` stays as it was and the new file is removed. A link at ``path`` is replaced, not
    followed. ``private``: only this user may read the file; otherwise the umask decides. The new file has the same
    name in a temporary folder next to ``path``; such folders of killed processes are removed before.
    OSError, with the name ``path``, if the file cannot be made.
    """
    with ExitStack() as stack:
        with named(path):
            folder = stack.enter_context(pinned(path.parent))
            new = stack.enter_context(temporary_folder(folder, HIDDEN)) / path.name
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666), "wb") as file:
                mode = os.fstat(file.fileno()).st_mode & 0o777
        try:
            yield new
        except OSError as error:
            # Python does not name the file that finds no room.
            if error.errno and (error.filename is None or str(error.filename).startswith(str(new.parent))):
                raise OSError(error.errno, reason_of(error), str(path)) from error
            raise
        with named(path):
            new.chmod(mode)  # some libraries put a file of their own in its place
            flush(new)
            os.replace(new, folder / path.name)
            flush(folder)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An OSError about a temporary file names ``path`` in its place."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, reason_of(error), str(path)) from error


def link(path: Path, new: Path) -> None:
    """Make ``new`` the same file as ``path``, or a copy where there are no links; it is complete at any moment."""
    with pinned(path.parent) as source, pinned(new.parent) as target:
        old, place = source / path.name, target / new.name
        if place.exists() and place.samefile(old):
            return
        with temporary_folder(target, HIDDEN) as folder:
            try:
                os.link(old, folder / new.name, follow_symlinks=False)
            except OSError:
                with whole_file(place, private=True) as copy:
                    shutil.copyfile(old, copy)
            else:
                os.replace(folder / new.name, place)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():  # Windows opens no folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
