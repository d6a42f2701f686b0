"""The file in which an error was met."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nntrain.errors import DataError

__all__ = ["add_location"]


@contextmanager
def add_location(path: str) -> Iterator[None]:
    """Put ``path`` before the text of a DataError from inside."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
