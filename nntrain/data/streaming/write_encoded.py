"""Write a file of encoded rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.data.array import Array
from nntrain.data.array_schema import ArraySchema
from nntrain.data.notes import unseen_notes
from nntrain.data.part import Part
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.streaming.block_sums import BlockSums
from nntrain.data.streaming.checked_contents import write_contents
from nntrain.data.streaming.encoded_file import VERSION, as_json
from nntrain.data.streaming.pieces import bounds
from nntrain.errors import DataError
from nntrain.hdf5.sink import Sink
from nntrain.refusal import reason_of

if TYPE_CHECKING:
    import h5py

__all__ = ["WrittenPart", "finish", "kept_in", "write_encoded"]

PARTS = ("train", "validation", "test")

# Bytes of the rows of a block: large enough that reading blocks in any order costs little more than in their own.
BLOCK = 2**18


class WrittenPart:
    """A part that is written piece by piece: datasets of ``rows`` rows in a group, and checksums of their blocks."""

    def __init__(self, group: h5py.Group, first: Part, rows: int) -> None:
        arrays = arrays_of(first)
        row_bytes = sum(array[:1].nbytes for array in arrays.values())
        self.block = int(np.clip(BLOCK // max(row_bytes, 1), 1, rows))
        self.table = isinstance(first.inputs, list)
        self.rows = rows
        self.done = 0
        self._datasets = {
            name: group.create_dataset(
                name, (rows, *array.shape[1:]), array.dtype, chunks=(self.block, *array.shape[1:])
            )
            for name, array in arrays.items()
        }
        self._sums = {name: BlockSums(self.block) for name in arrays}

    def add(self, part: Part) -> None:
        """The rows that come next."""
        for name, array in arrays_of(part).items():
            typed = np.asarray(array, self._datasets[name].dtype)
            self._datasets[name][self.done : self.done + part.rows] = typed
            self._sums[name].add(typed)
        self.done += part.rows

    def contents(self) -> dict[str, Any]:
        """What the file says of it."""
        arrays = {
            name: {"dtype": dataset.dtype.str, "shape": dataset.shape, "crc32": self._sums[name].sums}
            for name, dataset in self._datasets.items()
        }
        return {"table": self.table, "block": self.block, "arrays": arrays}


def write_encoded(
    path: Path,
    key: str,
    schema: Schema | ArraySchema,
    whole: Rows,
    cuts: Mapping[str, Array],
    others: Mapping[str, Rows],
    notes: Sequence[str] = (),
) -> dict[str, dict[str, int]]:
    """Encode every part, piece by piece, into a new file; give the values never seen in training, by part and column.

    OSError if the disk is full. The parts are the rows ``cuts`` of ``whole``, ascending, and the ``others``, with rows
    of their own. ``key``: what the rows follow from. ``notes``: what the user should know about the split.
    """
    import h5py

    sources = [(whole, cuts), *((rows, {name: None}) for name, rows in others.items())]
    # The format of HDF5 1.10 has checksums of its own over names, types, shapes and places of blocks.
    with Sink(path) as sink, h5py.File(sink, "w", libver=("v110", "v110")) as file:
        unseen: dict[str, dict[str, int]] = {}
        parts: dict[str, WrittenPart] = {}
        for rows, indices in sources:
            unseen |= write_rows(file, schema, sink.between(rows.pieces(schema)), rows.count, indices, parts)
        told = [*whole.notes, *notes, *schema.notes]
        for name in PARTS[1:]:
            told += [*(others[name].notes if name in others else []), *unseen_notes(name, unseen.get(name, {}))]
        finish(file, key, schema, parts, told)
    return unseen


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """A context in which rows are written. DataError, with the name of the folder, where they cannot be."""
    try:
        yield
    except OSError as error:
        what = f"cannot keep the encoded rows: {reason_of(error)}"
        raise DataError(f"{folder}: {what}; choose another: data.cache or NNTRAIN_CACHE") from error


def write_rows(
    file: h5py.File,
    schema: Schema | ArraySchema,
    pieces: Iterator[Rows],
    rows: int,
    indices: Mapping[str, Array | None],
    parts: dict[str, WrittenPart],
) -> dict[str, dict[str, int]]:
    """Encode ``rows`` rows once through, those of each part into its group.

    Returns the values never seen, by part and column.
    """
    unseen: dict[str, Counter[str]] = {name: Counter() for name in indices}
    begin = 0
    for piece in pieces:
        for name, index in indices.items():
            chosen = part_of_piece(index, begin, piece.count)
            if not len(chosen):
                continue
            part = piece.take(chosen).encode(schema)
            unseen[name].update(schema.unseen())
            if name not in parts:
                parts[name] = WrittenPart(file.create_group(name), part, rows if index is None else len(index))
            parts[name].add(part)
        begin += piece.count
    return {name: dict(counts) for name, counts in unseen.items()}


def part_of_piece(index: Array | None, begin: int, count: int) -> Array:
    """The rows of a piece that begins at ``begin`` which are in ``index``; all without one."""
    if index is None:
        return np.arange(count)
    first, last = np.searchsorted(index, bounds(begin, begin + count, index))
    return index[first:last].astype(np.int64) - begin


def arrays_of(part: Part) -> dict[str, Array]:
    """The arrays of a part by name, the inputs as ``inputs0``, ``inputs1``, ..."""
    assert part.targets is not None
    inputs = part.inputs if isinstance(part.inputs, list) else [part.inputs]
    others = {"targets": part.targets} | ({} if part.weights is None else {"weights": part.weights})
    return {f"inputs{number}": array for number, array in enumerate(inputs)} | others


def finish(
    file: h5py.File, key: str, schema: Schema | ArraySchema, parts: Mapping[str, WrittenPart], notes: Sequence[str]
) -> None:
    """Write all that is not rows."""
    contents = {
        "version": VERSION,
        "key": key,
        "schema": as_json(schema.state()),
        "notes": list(notes),
        "parts": {name: part.contents() for name, part in parts.items()},
    }
    write_contents(file, contents)
