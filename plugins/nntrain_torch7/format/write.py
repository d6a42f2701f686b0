"""Writing a .t7 file, of either form."""

from __future__ import annotations

import os
from pathlib import Path

from nntrain.errors import CheckpointError
from nntrain.files import write_atomically
from nntrain_torch7.format.ascii_sink import AsciiSink
from nntrain_torch7.format.binary_sink import BinarySink
from nntrain_torch7.format.unwritable_error import UnwritableError
from nntrain_torch7.format.values import Value
from nntrain_torch7.format.writer import Writer

__all__ = ["write"]


def write(value: Value, path: str | os.PathLike[str], *, ascii: bool = False, long_size: int = 8) -> None:  # noqa: A002
    """Write a value as a .t7 file, which is complete or not there; what stood there before stays until then.

    Lists are written as tables. Arrays on the same memory become tensors on one storage, whatever they are views of.
    ``long_size``: the bytes of a long in the binary form, 8 or 4. CheckpointError for what the format does not have.
    """
    path = Path(path)
    try:
        with write_atomically(path) as temporary, temporary.open("wb") as file:
            _fill(path, Writer(AsciiSink(file) if ascii else BinarySink(file, long_size=long_size)), value)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be written: {error.strerror or error}") from error


def _fill(path: Path, writer: Writer, value: Value) -> None:
    try:
        writer.write(value)
    except UnwritableError as error:
        place = f"{writer.place}: " if writer.place else ""
        raise CheckpointError(f"{path}: {place}cannot be written as .t7: {error}") from None
