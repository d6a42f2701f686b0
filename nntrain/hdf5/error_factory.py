"""How whoever reads a file reports what is wrong with it, and what HDF5 raises for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from nntrain.errors import NntrainError

__all__ = ["ErrorFactory", "translate_errors"]

# Makes the error of whoever reads, of what is wrong.
ErrorFactory: TypeAlias = Callable[[str], NntrainError]

# What h5py raises for what it cannot make sense of.
HDF5_ERRORS = (
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
def translate_errors(problem: ErrorFactory) -> Iterator[None]:
    """Report what h5py raises inside by ``problem``; the project's own errors pass."""
    try:
        yield
    except NntrainError:
        raise
    except HDF5_ERRORS as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise problem(f"not an HDF5 file, or a damaged one: {reason}") from error
