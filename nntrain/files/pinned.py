"""Folders by their descriptors: what is done in one is done there, whatever takes its name meanwhile."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nntrain.errors import RunError
from nntrain.files.file_kind import kind_name

__all__ = ["name_of", "pin", "pinned", "unpin"]

# Linux has a name for everything that a process has open; it leads there and nowhere else.
DESCRIPTORS = Path("/proc/self/fd")

# Folders that are pinned until ``unpin``, by their absolute paths.
PINS: dict[Path, int] = {}


def pin(folder: Path) -> None:
    """From now on whatever is below a folder is reached from what it is now, and through no link."""
    place = absolute(folder)
    if place not in PINS and (descriptor := open_folder(folder)) is not None:
        PINS[place] = descriptor


def unpin(folder: Path) -> None:
    """Reach what is below a folder by its path again."""
    descriptor = PINS.pop(absolute(folder), None)
    if descriptor is not None:
        os.close(descriptor)


@contextmanager
def pinned(folder: Path) -> Iterator[Path]:
    """Yield a name under which a folder stays what it is now: a link to another that takes its place has no effect.

    Below a folder of ``pin``, RunError for a link on the way. Where a system has no such names, it is the path itself.
    """
    descriptor = open_folder(folder)
    name = name_of(descriptor, folder)
    try:
        yield name
    except OSError as error:
        if error.errno and str(error.filename).startswith(f"{name}/"):
            shown = folder / Path(error.filename).relative_to(name)
            raise OSError(error.errno, error.strerror, str(shown)) from error
        raise
    finally:
        if descriptor is not None:
            os.close(descriptor)


def name_of(descriptor: int | None, folder: Path) -> Path:
    """The name that leads to an open folder as long as it is open; its path where there are no such names."""
    name = DESCRIPTORS / str(descriptor)
    return name if sys.platform == "linux" and name.is_dir() else folder


def open_folder(folder: Path) -> int | None:
    """Open a folder, from the outermost pinned one that it is in; None where that would be of no use."""
    if sys.platform != "linux":
        return None
    place = absolute(folder)
    base = next((base for base in [*reversed(place.parents), place] if base in PINS and is_there(base)), None)
    if base is None:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    descriptor = os.dup(PINS[base])
    for name in place.relative_to(base).parts:
        outer = descriptor
        try:
            descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=outer)
        except OSError as error:
            if error.errno == errno.ENOTDIR:
                got = kind_name(os.stat(name, dir_fd=outer, follow_symlinks=False).st_mode)
                raise RunError(f"{folder}: expected a folder of this run, got {got}; remove it") from None
            raise OSError(error.errno, error.strerror, str(folder)) from error
        finally:
            os.close(outer)
    return descriptor


def is_there(base: Path) -> bool:
    """Whether a pinned folder has not been deleted, or replaced by the user, who alone can do so."""
    try:
        return os.path.samestat(os.fstat(PINS[base]), base.stat())
    except OSError:
        return False


def absolute(folder: Path) -> Path:
    """The path by which a folder is known, whatever the working folder is."""
    return Path(os.path.abspath(folder))
