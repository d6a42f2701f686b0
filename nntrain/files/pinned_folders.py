"""Access folders by descriptors, so that a folder or link that takes over a name has no effect."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nntrain.errors import RunError
from nntrain.files.file_kind import get_kind_name

# Linux has a path for every open descriptor of a process.
DESCRIPTOR_FOLDER = Path("/proc/self/fd")

# Folders that are pinned until ``unpin_folder``, by their absolute paths.
pinned_descriptors: dict[Path, int] = {}


def pin_folder(folder: Path) -> None:
    """Access everything below a folder by its descriptor from now on, and through no link."""
    path = Path(os.path.abspath(folder))
    if path not in pinned_descriptors and (descriptor := open_folder(folder)) is not None:
        pinned_descriptors[path] = descriptor


def unpin_folder(folder: Path) -> None:
    """Access everything below a folder by its path again."""
    descriptor = pinned_descriptors.pop(Path(os.path.abspath(folder)), None)
    if descriptor is not None:
        os.close(descriptor)


@contextmanager
def open_pinned(folder: Path) -> Iterator[Path]:
    """Yield a path that stays that of the folder, even if a link replaces it.

    Below a folder of ``pin_folder``, RunError for a link on the way. On systems without such paths, it is the path
    itself.
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
    """Return the path of an open folder by its descriptor; the given path on systems without such paths."""
    name = DESCRIPTOR_FOLDER / str(descriptor)
    return name if sys.platform == "linux" and name.is_dir() else folder


def open_folder(folder: Path) -> int | None:
    """Open a folder, starting from the outermost pinned one that contains it; None on systems other than Linux."""
    if sys.platform != "linux":
        return None
    path = Path(os.path.abspath(folder))
    base = next(
        (base for base in [*reversed(path.parents), path] if base in pinned_descriptors and is_unreplaced(base)), None
    )
    if base is None:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    descriptor = os.dup(pinned_descriptors[base])
    for name in path.relative_to(base).parts:
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
    """Whether a pinned folder has been neither deleted nor replaced by the user."""
    try:
        return os.path.samestat(os.fstat(pinned_descriptors[base]), base.stat())
    except OSError:
        return False
