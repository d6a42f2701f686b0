"""Encoded rows of every part in one HDF5 file, with the schema that encoded them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.data.array import Array
from nntrain.data.array_schema import ArraySchema
from nntrain.data.notes import unseen_notes
from nntrain.data.part import Part
from nntrain.data.restored import restored_schema
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.streaming.pieces import bounds
from nntrain.data.streaming.stored_part import StoredPart
from nntrain.errors import DataError
from nntrain.hdf5.guard import attribute, check_dataset, objects
from nntrain.hdf5.opened import Problem, damaged, open_file
from nntrain.hdf5.sink import Sink

if TYPE_CHECKING:
    import h5py

__all__ = ["VERSION", "as_json", "read_encoded", "write_encoded"]

# Changes whenever the same data would be encoded or laid out in another way: older files are then not found.
VERSION = 4

PARTS = ("train", "validation", "test")

# Bytes of the rows that lie together: large enough that reading them anywhere costs little more than in order.
BLOCK = 2**18

# Bytes of blocks that HDF5 keeps in memory.
KEPT = 2**22


def write_encoded(
    path: Path,
    schema: Schema | ArraySchema,
    whole: Rows,
    cuts: Mapping[str, Array],
    others: Mapping[str, Rows],
    notes: Sequence[str] = (),
) -> dict[str, dict[str, int]]:
    """Encode every part, piece by piece, into a new file; give the values never seen in training, by part and column.

    DataError if the disk is full. The parts are the rows ``cuts`` of ``whole``, ascending, and the ``others``, with
    rows of their own. ``notes``: what the user should know about the split.
    """
    import h5py

    sources = [(whole, cuts), *((rows, {name: None}) for name, rows in others.items())]
    try:
        with Sink(path) as sink, h5py.File(sink, "w") as file:
            unseen: dict[str, dict[str, int]] = {}
            for rows, parts in sources:
                unseen |= write_rows(file, schema, sink.between(rows.pieces(schema)), rows.count, parts)
            told = [*whole.notes, *notes, *schema.notes]
            for name in PARTS[1:]:
                told += [*(others[name].notes if name in others else []), *unseen_notes(name, unseen.get(name, {}))]
            file.create_dataset("notes", data=json.dumps(told))
            file.create_dataset("schema", data=as_json(schema.state()))
        return unseen
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error).splitlines()[0]
        raise DataError(f"{path.parent}: cannot keep the encoded rows: {reason}; choose another: data.cache") from error


def write_rows(
    file: h5py.File,
    schema: Schema | ArraySchema,
    pieces: Iterator[Rows],
    rows: int,
    parts: Mapping[str, Array | None],
) -> dict[str, dict[str, int]]:
    """Encode ``rows`` rows once through, those of each part into its group.

    Returns the values never seen, by part and column.
    """
    unseen: dict[str, Counter[str]] = {name: Counter() for name in parts}
    done = dict.fromkeys(parts, 0)
    begin = 0
    for piece in pieces:
        for name, index in parts.items():
            chosen = part_of_piece(index, begin, piece.count)
            if not len(chosen):
                continue
            part = piece.take(chosen).encode(schema)
            unseen[name].update(schema.unseen())
            if not done[name]:
                create(file.create_group(name), part, rows if index is None else len(index))
            for dataset, array in arrays_of(part).items():
                file[name][dataset][done[name] : done[name] + part.rows] = array
            done[name] += part.rows
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


def create(group: h5py.Group, part: Part, rows: int) -> None:
    """Datasets of so many rows, in blocks of the same rows."""
    arrays = arrays_of(part)
    group.attrs["table"] = isinstance(part.inputs, list)
    row_bytes = sum(array[:1].nbytes for array in arrays.values())
    block = int(np.clip(BLOCK // max(row_bytes, 1), 1, rows))
    group.attrs["block"] = block
    for name, array in arrays.items():
        shape = array.shape[1:]
        group.create_dataset(name, (rows, *shape), array.dtype, chunks=(block, *shape))


def read_encoded(path: Path) -> tuple[Schema | ArraySchema, dict[str, StoredPart], list[str]]:
    """The schema, the parts and the notes of a file. DataError if it is damaged."""

    def problem(what: str) -> DataError:
        return DataError(f"{path}: the cached rows are damaged ({what}); delete this file")

    file = open_file(path, problem, KEPT, own=True)
    with damaged(problem):
        found = dict(objects(file, problem))
        for item in found.values():
            if hasattr(item, "shape"):
                check_dataset(item, problem)
        parts = {name: stored_part(file, file[name], problem) for name in PARTS if f"/{name}" in found}
        schema, notes = (json.loads(file[name][()]) for name in ("schema", "notes"))
        return restored_schema(schema), parts, notes


def stored_part(file: h5py.File, group: h5py.Group, problem: Problem) -> StoredPart:
    names = sorted((name for name in group if name.startswith("inputs")), key=lambda name: int(name[6:]))
    inputs = [group[name] for name in names]
    targets = group["targets"]
    table, block = attribute(group, "table", problem), attribute(group, "block", problem)
    return StoredPart(
        inputs if table else inputs[0], targets, len(targets), block, file.filename, file, weights=group.get("weights")
    )


def as_json(state: Any) -> str:
    """The state of a schema as text, numbers to the last bit."""
    return json.dumps(state, default=lambda array: array.tolist(), sort_keys=True)
