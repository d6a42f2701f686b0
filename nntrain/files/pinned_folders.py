"""Folders by their descriptors: what is done in one is done there, whatever takes its name meanwhile."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nntrain.errors import RunError
from nntrain.files.file_kind import get_kind_name

__all__ = ["get_descriptor_path", "open_pinned", "pin_folder", "unpin_folder"]

# Linux has a name for everything that a process has open; it leads there and nowhere else.
DESCRIPTOR_FOLDER = Path("/proc/self/fd")

# Folders that are pinned until ``unpin_folder``, by their absolute paths.
pinned_descriptors: dict[Path, int] = {}


def pin_folder(folder: Path) -> None:
    """From now on whatever is below a folder is reached from what it is now, and through no link."""
    place = get_absolute_path(folder)
    if place not in pinned_descriptors and (descriptor := open_folder(folder)) is not None:
        pinned_descriptors[place] = descriptor


def unpin_folder(folder: Path) -> None:
    """Reach what is below a folder by its path again."""
    descriptor = pinned_descriptors.pop(get_absolute_path(folder), None)
    if descriptor is not None:
        os.close(descriptor)


@contextmanager
def open_pinned(folder: Path) -> Iterator[Path]:
    """Yield a name under which a folder stays what it is now: a link to another that takes its place has no effect.

    Below a folder of ``pin_folder``, RunError for a link on the way. Where a system has no such names, it is the
    path itself.
    """
    descriptor = open_folder(folder)
    name = get_descriptor_path(descriptor, folder)
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


def get_descriptor_path(descriptor: int | None, folder: Path) -> Path:
    """The name that leads to an open folder as long as it is open; its path where there are no such names."""
    name = DESCRIPTOR_FOLDER / str(descriptor)
    return name if sys.platform == "linux" and name.is_dir() else folder


def open_folder(folder: Path) -> int | None:
    """Open a folder, from the outermost pinned one that it is in; None where that would be of no use."""
    if sys.platform != "linux":
        return None
    place = get_absolute_path(folder)
    base = next(
        (base for base in [*reversed(place.parents), place] if base in pinned_descriptors and is_unreplaced(base)), None
    )
    if base is None:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    descriptor = os.dup(pinned_descriptors[base])
    for name in place.relative_to(base).parts:
        outer = descriptor
        try:
            descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=outer)
        except OSError as error:
            if error.errno == errno.ENOTDIR:
                got = get_kind_name(os.stat(name, dir_fd=outer, follow_symlinks=False).st_mode)
                raise RunError(f"{folder}: expected a folder of this run, got {got}; remove it") from None
            raise OSError(error.errno, error.strerror, str(folder)) from error
        finally:
            os.close(outer)
    return descriptor


def is_unreplaced(base: Path) -> bool:
    """Whether a pinned folder has not been deleted, or replaced by the user, who alone can do so."""
    try:
        return os.path.samestat(os.fstat(pinned_descriptors[base]), base.stat())
    except OSError:
        return False


def get_absolute_path(folder: Path) -> Path:
    """The path by which a folder is known, whatever the working folder is."""
    return Path(os.path.abspath(folder))
