"""Opening an HDF5 file that may be damaged, or made to do harm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nntrain.errors import NntrainError
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import read_attribute
from nntrain.hdf5.probe import probe_file
from nntrain.hdf5.sandbox import run_sandboxed

if TYPE_CHECKING:
    import h5py
import sys
from types import ModuleType

__all__ = [
    "ErrorFactory",
    "has_format",
    "import_h5py_without_plugins",
    "open_hdf5_file",
    "open_hdf5_handle",
    "translate_errors",
]


def import_h5py_without_plugins() -> ModuleType:
    """h5py, whose HDF5 loads no code for as long as the process lives.

    HDF5 reads the variable when it is initialized; the folders in which it searches can be taken away at any time.
    """
    if "h5py" not in sys.modules:
        os.environ["HDF5_PLUGIN_PRELOAD"] = "::"
    import h5py

    while h5py.h5pl.size():
        h5py.h5pl.remove(0)
    return h5py


HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The first place of the signature after the beginning: others are twice as far each.
USER_BLOCK = 512

# How often a file is opened that changes meanwhile, such as one that a run replaces by a better one.
MAX_TRIES = 3

# What is wrong with the files that were tried in a process of their own, each as it was then.
sandbox_errors: dict[tuple[int, ...], str] = {}


def open_hdf5_handle(path: Path, problem: ErrorFactory, cache: int | None = None, *, own: bool = False) -> h5py.File:
    """The file, for reading, with ``cache`` bytes of its chunks kept in memory.

    HDF5 first reads it in a process of its own, unless it is nntrain's ``own``, such as one of its cache.
    """
    if path.is_file() and not has_signature(path):
        raise problem("not an HDF5 file, or a damaged one: it does not begin as they do")
    h5py = import_h5py_without_plugins()
    for _ in range(MAX_TRIES):
        with translate_errors(problem):
            state = get_file_state(path.stat())
            if not own:
                if state not in sandbox_errors:
                    sandbox_errors[state] = run_sandboxed(
                        lambda problem: probe_file(path, problem), path.stat().st_size
                    )
                if sandbox_errors[state]:
                    raise problem(sandbox_errors[state])
            file = h5py.File(path, "r", rdcc_nbytes=cache, driver="sec2")
            if get_file_state(os.fstat(file.id.get_vfd_handle())) == state:
                return file
            file.close()
    raise problem("changed whenever it was opened; try again when it is complete")


@contextmanager
def open_hdf5_file(path: Path, problem: ErrorFactory) -> Iterator[h5py.File]:
    """The file, for reading; ``problem`` makes the error if it cannot be opened."""
    file = open_hdf5_handle(path, problem)
    try:
        yield file
    finally:
        file.close()


def has_format(path: Path, mark: str) -> bool:
    """Whether a file is one of HDF5 whose attribute ``format`` is ``mark``, be it whole or not."""
    with suppress(NntrainError), open_hdf5_file(path, NntrainError) as file:
        return bool(read_attribute(file, "format", NntrainError) == mark)
    return False


def has_signature(path: Path) -> bool:
    """Whether the signature is where HDF5 looks for it."""
    with open(path, "rb") as file:
        place, size = 0, os.fstat(file.fileno()).st_size
        while place < size:
            file.seek(place)
            if file.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE:
                return True
            place = place * 2 or USER_BLOCK
    return False


def get_file_state(known: os.stat_result) -> tuple[int, ...]:
    """What tells a file from others, and from what it was."""
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns
