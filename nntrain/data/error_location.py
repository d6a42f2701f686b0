"""The location of an error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nntrain.errors import DataError


@contextmanager
def add_location(path: str) -> Iterator[None]:
    """Prepend ``path`` to the message of a DataError."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def build_error_factory(path: Path | str, fix: str = "") -> Callable[[str], DataError]:
    """Return the function that builds the DataError of a file, with a ``fix`` at the end of each message."""
    return lambda message: DataError(f"{path}: {message}{fix}")
