"""Error factories, and the translation of errors of h5py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from nntrain.errors import NntrainError

# Builds the error of the caller from a message.
ErrorFactory: TypeAlias = Callable[[str], NntrainError]

# The exceptions that h5py raises for invalid files, with their subclasses.
HDF5_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SystemError,
    TypeError,
    ValueError,
)


@contextmanager
def translate_errors(problem: ErrorFactory) -> Iterator[None]:
    """A context in which exceptions of h5py become errors of ``problem``; an NntrainError passes through."""
    try:
        yield
    except NntrainError:
        raise
    except HDF5_ERRORS as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise problem(f"not an HDF5 file, or a corrupt one: {reason}") from error
