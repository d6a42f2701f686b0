"""Reading a .t7 file, of either form and of any machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

from nntrain.errors import CheckpointError
from nntrain_torch7.format.ascii_source import SPACE, AsciiSource
from nntrain_torch7.format.binary_source import BinarySource
from nntrain_torch7.format.damage_error import DamageError
from nntrain_torch7.format.reader import Reader
from nntrain_torch7.format.source import Source
from nntrain_torch7.format.type_codes import FUNCTIONS
from nntrain_torch7.format.values import Value

__all__ = ["read"]

LONG_SIZES = (8, 4)


def read(file: str | os.PathLike[str] | bytes, *, long_size: int | None = None) -> Value:
    """What a file, or its bytes, holds; nothing in it is run.

    ``long_size``: the bytes of a long in a binary file, 8 or 4; None finds out: with the wrong size nothing fits.
    CheckpointError with the byte and the place in the object if the file is damaged or is none.
    """
    if long_size not in (None, *LONG_SIZES):
        raise CheckpointError(f"the size of a long is {long_size}; expected 8 or 4")
    name, data = ("the bytes", file) if isinstance(file, bytes) else (str(file), _content(Path(file)))
    furthest = DamageError(-1, "")
    for source in _sources(data, LONG_SIZES if long_size is None else (long_size,)):
        try:
            return Reader(source).read()
        except DamageError as error:
            # Without the traceback, which would keep all that was read so far.
            furthest = max(furthest, error.with_traceback(None), key=lambda damage: damage.at)
    if furthest.at < 0:
        raise CheckpointError(
            f"{name}: is no .t7 file: expected the type of an object in its first bytes, got {data[:8]!r}"
        )
    where = f"{furthest.where}: " if furthest.where else ""
    hope = "fetch it anew" if long_size is None else f"fetch it anew, or read it without a long size of {long_size}"
    raise CheckpointError(
        f"{name}: byte {furthest.at}: {where}{furthest.what}: the file is damaged or cut short; {hope}"
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror or error}") from error
    except MemoryError:
        raise CheckpointError(f"{path}: has {path.stat().st_size:,} bytes, more than fit into memory") from None


def _sources(data: bytes, long_sizes: tuple[int, ...]) -> Iterator[Source]:
    """What the file may be, the likelier first; nothing if its first bytes are those of no .t7 file."""
    if data.lstrip(SPACE)[:1].isdigit():
        yield AsciiSource(data)
    codes = range(FUNCTIONS[-1] + 1)
    for order in ("<", ">"):
        if len(data) >= 4 and unpack_from(f"{order}i", data)[0] in codes:
            yield from (BinarySource(data, long_size=size, order=order) for size in long_sizes)
