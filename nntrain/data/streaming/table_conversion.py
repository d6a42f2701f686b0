"""Write the typed columns of a table into an HDF5 file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.options.data_options import DataOptions
from nntrain.data.streaming.block_checksums import BlockChecksums
from nntrain.data.streaming.file_contents import write_contents
from nntrain.data.streaming.streamed_column import StreamedColumn
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.streaming.table_file import CHUNK_ROWS, RECORDED_OPTIONS, TABLE_FORMAT, VERSION, read_attributes
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.hdf5.texts import check_texts

if TYPE_CHECKING:
    import h5py
from contextlib import ExitStack

from nntrain.data.raw_table_dataset import build_read_options
from nntrain.data.readers.hdf5.hdf5_layout import HDF5_SUFFIXES, has_arrays
from nntrain.data.streaming.disk_reader import create_disk_reader
from nntrain.data.streaming.memory_budget import get_memory_limit
from nntrain.data.streaming.table_file import is_table_file
from nntrain.errors import ConfigError
from nntrain.files.atomic_write import HIDDEN_PREFIX, write_atomically
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.system_limits import format_os_error

__all__ = ["convert_table", "write_table"]


def write_table(path: Path, table: StreamedTable, options: DataOptions) -> None:
    """Write a table, and what ``options`` say of it. Texts are kept by code, unless there are very many."""
    import h5py

    said = {name: value for name, value in asdict(options).items() if name in RECORDED_OPTIONS}
    columns = {name: asdict(column) for name, column in options.columns.items()}
    with DeferredErrorFile(path) as sink, h5py.File(sink, "w") as file:
        file.attrs.update({"format": TABLE_FORMAT, "version": VERSION, "rows": table.rows})
        file.attrs["options"] = json.dumps({**said, "columns": columns})
        sums: dict[str, list[int]] = {}
        for number, column in enumerate(table.columns.values()):
            check_texts([column.name], "the name of a column")
            group = file.create_group(f"columns/{number}")
            group.attrs.update({"name": column.name, "kind": column.kind})
            sums |= write_column(group, column, sink.between(column.chunks()), table.rows)
        write_contents(file, {"attributes": read_attributes(file, DataError), "crc32": sums})


def write_column(
    group: h5py.Group, column: StreamedColumn, chunks: Iterator[RawColumn], rows: int
) -> dict[str, list[int]]:
    """The values of one column, piece by piece; returns the checksums of its datasets by their paths."""
    import h5py

    name, dtype = {"number": ("values", "f8"), "boolean": ("values", "i1"), "time": ("values", "i8")}.get(
        column.kind, ("texts", h5py.string_dtype())
    )
    found = {"labels": BlockChecksums(CHUNK_ROWS), "rows": BlockChecksums(CHUNK_ROWS)}
    codes: dict[str | None, int] = {}
    if column.kind == "text" and (counts := column.counts()) is not None:
        name, dtype = "codes", "i4"
        labels = sorted(label for label in counts if label is not None)
        check_texts(labels, f"column {column.name!r}")
        codes = {None: -1} | {label: code for code, label in enumerate(labels)}
        group.create_dataset("labels", data=labels, dtype=h5py.string_dtype())
        found["labels"].add(np.array(labels, object))
    packing: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    dataset = group.create_dataset(name, (rows,), dtype, chunks=(min(CHUNK_ROWS, rows),), **packing)
    begin = 0
    for chunk in chunks:
        values = to_stored_values(chunk, codes).astype(dataset.dtype, copy=False)
        dataset[begin : begin + len(values)] = values
        found["rows"].add(values)
        begin += len(values)
    sums = {dataset.name: found["rows"].sums}
    return sums | ({f"{group.name}/labels": found["labels"].sums} if name == "codes" else {})


def to_stored_values(raw: RawColumn, codes: Mapping[str | None, int]) -> Array:
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


def convert_table(options: DataOptions, out: Path) -> tuple[int, int]:
    """Write the typed columns of a table to ``out``, whole or not at all; give the numbers of rows and columns.

    ConfigError for a name that does not say HDF5. DataError for arrays, which are HDF5 already, for a target that is
    no column, and where the disk is full.
    """
    path = Path(options.path)
    if out.suffix.lower() not in HDF5_SUFFIXES:
        raise ConfigError(f"{out}: expected the name of a file to write ending in {', '.join(HDF5_SUFFIXES)}")
    if has_arrays(path) or is_table_file(path):
        raise DataError(f"{path}: an HDF5 file already; expected a table, such as CSV, Parquet or JSON")
    try:
        with create_temporary_folder(out.parent, HIDDEN_PREFIX) as folder, ExitStack() as open_files:
            read = create_disk_reader(folder, get_memory_limit(options), open_files).read_table
            table = read(path, build_read_options(options))
            assert isinstance(table, StreamedTable)
            for name in (*options.target_names, *options.ignore, *options.columns):
                table.column(name)
            with write_atomically(out) as new:
                write_table(new, table, options)
    except OSError as error:
        raise DataError(f"{out}: cannot be written: {format_os_error(error)}") from error
    return table.rows, len(table.columns)
