"""Opening an HDF5 file that may be damaged, or made to do harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nntrain.errors import NntrainError

if TYPE_CHECKING:
    import h5py

__all__ = ["Problem", "damaged", "open_file", "opened"]

# Makes the error of whoever reads, of what is wrong.
Problem = Callable[[str], NntrainError]

# What h5py raises for what it cannot make sense of.
FAULTS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    SystemError,
    TypeError,
    ValueError,
)


@contextmanager
def damaged(problem: Problem) -> Iterator[None]:
    """What h5py raises inside is told by ``problem``; the project's own errors pass."""
    try:
        yield
    except NntrainError:
        raise
    except FAULTS as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise problem(f"not an HDF5 file, or a damaged one: {reason}") from error


def open_file(path: Path, problem: Problem, cache: int | None = None) -> h5py.File:
    """The file, for reading, with ``cache`` bytes of its chunks kept in memory."""
    import h5py

    if path.is_file() and not h5py.is_hdf5(path):
        raise problem("not an HDF5 file, or a damaged one: it does not begin as they do")
    with damaged(problem):
        return h5py.File(path, "r", rdcc_nbytes=cache)


@contextmanager
def opened(path: Path, problem: Problem) -> Iterator[h5py.File]:
    """The file, for reading; ``problem`` makes the error if it cannot be opened."""
    file = open_file(path, problem)
    try:
        yield file
    finally:
        file.close()
