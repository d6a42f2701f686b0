"""Encoded rows of every part in one HDF5 file, with the schema that encoded them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
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
from nntrain.data.streaming.stored_part import StoredPart
from nntrain.errors import DataError

if TYPE_CHECKING:
    import h5py

__all__ = ["VERSION", "as_json", "read_encoded", "write_encoded"]

# Changes whenever the same data would be encoded or laid out in another way: older files are then not found.
VERSION = 1

PARTS = ("train", "validation", "test")

# Bytes of the rows that lie together: large enough that reading them anywhere costs little more than in order.
BLOCK = 2**18

# Bytes of blocks that HDF5 keeps in memory.
KEPT = 2**22


def write_encoded(path: Path, schema: Schema | ArraySchema, parts: Mapping[str, Rows], notes: list[str]) -> None:
    """Encode every part, piece by piece, into a new file. DataError if the disk is full.

    ``notes`` are what is known to say so far; what is found in the parts is added in the file.
    """
    import h5py

    told = list(notes)
    try:
        with h5py.File(path, "w") as file:
            for name, rows in parts.items():
                unseen = write_part(file.create_group(name), schema, rows)
                if name != "train":
                    told += [*rows.notes, *unseen_notes(name, unseen)]
            file.create_dataset("notes", data=json.dumps(told))
            file.create_dataset("schema", data=as_json(schema.state()))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error).splitlines()[0]
        raise DataError(f"{path.parent}: cannot keep the encoded rows: {reason}; choose another: data.cache") from error


def write_part(group: h5py.Group, schema: Schema | ArraySchema, rows: Rows) -> dict[str, int]:
    """Encode the rows of a part; give the values never seen in training, by column."""
    unseen: Counter[str] = Counter()
    begin = 0
    for piece in rows.pieces(schema):
        part = piece.encode(schema)
        unseen.update(schema.unseen())
        arrays = arrays_of(part)
        if not begin:
            group.attrs["table"] = isinstance(part.inputs, list)
            create(group, arrays, rows.count)
        for name, array in arrays.items():
            group[name][begin : begin + part.rows] = array
        begin += part.rows
    return dict(unseen)


def arrays_of(part: Part) -> dict[str, Array]:
    """The arrays of a part by name, the inputs as ``inputs0``, ``inputs1``, ..."""
    assert part.targets is not None
    inputs = part.inputs if isinstance(part.inputs, list) else [part.inputs]
    return {f"inputs{number}": array for number, array in enumerate(inputs)} | {"targets": part.targets}


def create(group: h5py.Group, arrays: Mapping[str, Array], rows: int) -> None:
    """Datasets of so many rows, in blocks of the same rows."""
    row_bytes = sum(array[:1].nbytes for array in arrays.values())
    block = int(np.clip(BLOCK // max(row_bytes, 1), 1, rows))
    group.attrs["block"] = block
    for name, array in arrays.items():
        shape = array.shape[1:]
        group.create_dataset(name, (rows, *shape), array.dtype, chunks=(block, *shape))


def read_encoded(path: Path) -> tuple[Schema | ArraySchema, dict[str, StoredPart], list[str]]:
    """The schema, the parts and the notes of a file. DataError if it is damaged."""
    import h5py

    try:
        file = h5py.File(path, "r", rdcc_nbytes=KEPT)
        parts = {name: stored_part(file, file[name]) for name in PARTS if name in file}
        schema, notes = (json.loads(file[name][()]) for name in ("schema", "notes"))
        return restored_schema(schema), parts, notes
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{path}: the cached rows are damaged ({error}); delete this file") from error


def stored_part(file: h5py.File, group: h5py.Group) -> StoredPart:
    names = sorted((name for name in group if name.startswith("inputs")), key=lambda name: int(name[6:]))
    inputs = [group[name] for name in names]
    targets = group["targets"]
    table = bool(group.attrs["table"])
    return StoredPart(inputs if table else inputs[0], targets, len(targets), int(group.attrs["block"]), file)


def as_json(state: Any) -> str:
    """The state of a schema as text, numbers to the last bit."""
    return json.dumps(state, default=lambda array: array.tolist(), sort_keys=True)
