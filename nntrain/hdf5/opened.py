"""Opening an HDF5 file that may be damaged, or made to do harm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nntrain.errors import NntrainError
from nntrain.hdf5.guard import attribute
from nntrain.hdf5.plugins import without_plugins
from nntrain.hdf5.problem import Problem, damaged
from nntrain.hdf5.rehearsal import rehearse
from nntrain.hdf5.survey import survey

if TYPE_CHECKING:
    import h5py

__all__ = ["Problem", "damaged", "is_marked", "open_file", "opened"]

SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The first place of the signature after the beginning: others are twice as far each.
USER_BLOCK = 512

# How often a file is opened that changes meanwhile, such as one that a run replaces by a better one.
TRIES = 3

# What is wrong with the files that were tried in a process of their own, each as it was then.
tried: dict[tuple[int, ...], str] = {}


def open_file(path: Path, problem: Problem, cache: int | None = None, *, own: bool = False) -> h5py.File:
    """The file, for reading, with ``cache`` bytes of its chunks kept in memory.

    HDF5 first reads it in a process of its own, unless it is nntrain's ``own``, such as one of its cache.
    """
    if path.is_file() and not has_signature(path):
        raise problem("not an HDF5 file, or a damaged one: it does not begin as they do")
    h5py = without_plugins()
    for _ in range(TRIES):
        with damaged(problem):
            state = state_of(path.stat())
            if not own:
                if state not in tried:
                    tried[state] = rehearse(lambda problem: survey(path, problem), path.stat().st_size)
                if tried[state]:
                    raise problem(tried[state])
            file = h5py.File(path, "r", rdcc_nbytes=cache, driver="sec2")
            if state_of(os.fstat(file.id.get_vfd_handle())) == state:
                return file
            file.close()
    raise problem("changed whenever it was opened; try again when it is complete")


@contextmanager
def opened(path: Path, problem: Problem) -> Iterator[h5py.File]:
    """The file, for reading; ``problem`` makes the error if it cannot be opened."""
    file = open_file(path, problem)
    try:
        yield file
    finally:
        file.close()


def is_marked(path: Path, mark: str) -> bool:
    """Whether a file is one of HDF5 whose attribute ``format`` is ``mark``, be it whole or not."""
    with suppress(NntrainError), opened(path, NntrainError) as file:
        return bool(attribute(file, "format", NntrainError) == mark)
    return False


def has_signature(path: Path) -> bool:
    """Whether the signature is where HDF5 looks for it."""
    with open(path, "rb") as file:
        place, size = 0, os.fstat(file.fileno()).st_size
        while place < size:
            file.seek(place)
            if file.read(len(SIGNATURE)) == SIGNATURE:
                return True
            place = place * 2 or USER_BLOCK
    return False


def state_of(known: os.stat_result) -> tuple[int, ...]:
    """What tells a file from others, and from what it was."""
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns
