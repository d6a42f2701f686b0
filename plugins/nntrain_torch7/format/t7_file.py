"""Reading and writing of .t7 files, binary or ascii, from any machine."""

import os
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

from nntrain.errors import CheckpointError
from nntrain.files import write_atomically
from nntrain_torch7.format.ascii_reader import WHITESPACE, AsciiReader
from nntrain_torch7.format.ascii_writer import AsciiWriter
from nntrain_torch7.format.binary_reader import BinaryReader
from nntrain_torch7.format.binary_writer import BinaryWriter
from nntrain_torch7.format.errors import CorruptFileError, UnsupportedValueError
from nntrain_torch7.format.object_reader import ObjectReader
from nntrain_torch7.format.object_writer import ObjectWriter
from nntrain_torch7.format.type_codes import FUNCTIONS
from nntrain_torch7.format.values import Torch7Value

LONG_SIZES = (8, 4)


def read(file: str | os.PathLike[str] | bytes, *, long_size: int | None = None) -> Torch7Value:
    """Read the value of a file, or of its bytes; no code in it is run.

    ``long_size``: the bytes of a long in a binary file, 8 or 4; None detects it, as the wrong size does not parse.
    CheckpointError with the byte and the path in the object if the file is corrupt or not a .t7 file.
    """
    if long_size not in (None, *LONG_SIZES):
        raise CheckpointError(f"long_size: expected 8 or 4, got {long_size}")
    name, data = ("the bytes", file) if isinstance(file, bytes) else (str(file), read_bytes(Path(file)))
    furthest = CorruptFileError(-1, "")
    for source in guess_readers(data, LONG_SIZES if long_size is None else (long_size,)):
        try:
            return ObjectReader(source).read()
        except CorruptFileError as error:
            # Without the traceback, which would keep the partial value alive.
            furthest = max(furthest, error.with_traceback(None), key=lambda damage: damage.at)
    if furthest.at < 0:
        raise CheckpointError(f"{name}: not a .t7 file: expected an object type in its first bytes, got {data[:8]!r}")
    where = f"{furthest.where}: " if furthest.where else ""
    fix = "copy it again" if long_size is None else f"copy it again, or omit the long size of {long_size}"
    raise CheckpointError(f"{name}: byte {furthest.at}: {where}{furthest}: the file is corrupt or truncated; {fix}")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. CheckpointError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror or error}") from error
    except MemoryError:
        raise CheckpointError(f"{path}: {path.stat().st_size:,} bytes do not fit in memory") from None


def guess_readers(data: bytes, long_sizes: tuple[int, ...]) -> Iterator[AsciiReader | BinaryReader]:
    """Yield the possible readers, the likelier first; none if the first bytes are not those of a .t7 file."""
    if data.lstrip(WHITESPACE)[:1].isdigit():
        yield AsciiReader(data)
    codes = range(FUNCTIONS[-1] + 1)
    for order in ("<", ">"):
        if len(data) >= 4 and unpack_from(f"{order}i", data)[0] in codes:
            yield from (BinaryReader(data, long_size=size, order=order) for size in long_sizes)


def write(value: Torch7Value, path: str | os.PathLike[str], *, ascii: bool = False, long_size: int = 8) -> None:  # noqa: A002
    """Write a value as a .t7 file atomically: an existing file is replaced when the new one is complete.

    Lists are written as tables. Arrays on the same memory become tensors on one storage. ``long_size``: the bytes of a
    long in the binary format, 8 or 4. CheckpointError for a value that the format cannot represent.
    """
    path = Path(path)
    try:
        with write_atomically(path) as temporary, temporary.open("wb") as file:
            writer = ObjectWriter(AsciiWriter(file) if ascii else BinaryWriter(file, long_size=long_size))
            try:
                writer.write(value)
            except UnsupportedValueError as error:
                place = f"{writer.path}: " if writer.path else ""
                raise CheckpointError(f"{path}: {place}cannot be written as .t7: {error}") from None
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be written: {error.strerror or error}") from error
