"""Write the typed columns of a table into an HDF5 file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.data.array import Array
from nntrain.data.data_options import DataOptions
from nntrain.data.raw_column import RawColumn
from nntrain.data.streaming.block_sums import BlockSums
from nntrain.data.streaming.checked_contents import write_contents
from nntrain.data.streaming.streamed_column import StreamedColumn
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.streaming.table_file import CHUNK, FORMAT, RECORDED, VERSION, attributes_of
from nntrain.errors import DataError
from nntrain.hdf5.sink import Sink
from nntrain.hdf5.texts import check_texts

if TYPE_CHECKING:
    import h5py

__all__ = ["write_table"]


def write_table(path: Path, table: StreamedTable, options: DataOptions) -> None:
    """Write a table, and what ``options`` say of it. Texts are kept by code, unless there are very many."""
    import h5py

    said = {name: value for name, value in asdict(options).items() if name in RECORDED}
    columns = {name: asdict(column) for name, column in options.columns.items()}
    with Sink(path) as sink, h5py.File(sink, "w") as file:
        file.attrs.update({"format": FORMAT, "version": VERSION, "rows": table.rows})
        file.attrs["options"] = json.dumps({**said, "columns": columns})
        sums: dict[str, list[int]] = {}
        for number, column in enumerate(table.columns.values()):
            check_texts([column.name], "the name of a column")
            group = file.create_group(f"columns/{number}")
            group.attrs.update({"name": column.name, "kind": column.kind})
            sums |= write_column(group, column, sink.between(column.chunks()), table.rows)
        write_contents(file, {"attributes": attributes_of(file, DataError), "crc32": sums})


def write_column(
    group: h5py.Group, column: StreamedColumn, chunks: Iterator[RawColumn], rows: int
) -> dict[str, list[int]]:
    """The values of one column, piece by piece; returns the checksums of its datasets by their paths."""
    import h5py

    name, dtype = {"number": ("values", "f8"), "boolean": ("values", "i1"), "time": ("values", "i8")}.get(
        column.kind, ("texts", h5py.string_dtype())
    )
    found = {"labels": BlockSums(CHUNK), "rows": BlockSums(CHUNK)}
    codes: dict[str | None, int] = {}
    if column.kind == "text" and (counts := column.counts()) is not None:
        name, dtype = "codes", "i4"
        labels = sorted(label for label in counts if label is not None)
        check_texts(labels, f"column {column.name!r}")
        codes = {None: -1} | {label: code for code, label in enumerate(labels)}
        group.create_dataset("labels", data=labels, dtype=h5py.string_dtype())
        found["labels"].add(np.array(labels, object))
    packing: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    dataset = group.create_dataset(name, (rows,), dtype, chunks=(min(CHUNK, rows),), **packing)
    begin = 0
    for chunk in chunks:
        values = stored(chunk, codes).astype(dataset.dtype, copy=False)
        dataset[begin : begin + len(values)] = values
        found["rows"].add(values)
        begin += len(values)
    sums = {dataset.name: found["rows"].sums}
    return sums | ({f"{group.name}/labels": found["labels"].sums} if name == "codes" else {})


def stored(raw: RawColumn, codes: Mapping[str | None, int]) -> Array:
    """Values as the file keeps them."""
    if raw.kind == "boolean":
        return np.where(raw.missing, -1, raw.values)
    if raw.kind == "time":
        return raw.values.astype("M8[us]").astype(np.int64)
    if raw.kind == "text" and codes:
        return np.fromiter((codes[value] for value in raw.values), np.int32, len(raw.values))
    if raw.kind == "text":
        check_texts(raw.values, f"column {raw.name!r}")
        return np.array(["" if value is None else value for value in raw.values], object)
    return raw.values
