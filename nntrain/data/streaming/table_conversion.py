"""Write the typed columns of a table to an HDF5 file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.options.data_options import DataOptions
from nntrain.data.raw_table_dataset import build_read_options
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.hdf5.hdf5_layout import HDF5_SUFFIXES
from nntrain.data.streaming.checksummed_array import ChecksummedWriter, write_contents
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.streaming.memory_budget import get_memory_limit
from nntrain.data.streaming.table_file import CHUNK_ROWS, RECORDED_OPTIONS, TABLE_FORMAT, VERSION, read_attributes
from nntrain.data.tables.data_table import TableStream
from nntrain.data.tables.raw_column import RawColumn, ValueStream
from nntrain.errors import ConfigError, DataError
from nntrain.files.atomic_write import HIDDEN_PREFIX, write_atomically
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.hdf5.texts import check_texts
from nntrain.system_limits import format_os_error

if TYPE_CHECKING:
    import h5py


def write_table(path: Path, table: TableStream, options: DataOptions) -> None:
    """Write a table and the ``options`` for its use. Text is stored as codes unless there are very many labels."""
    import h5py

    recorded = {name: value for name, value in asdict(options).items() if name in RECORDED_OPTIONS}
    columns = {name: asdict(column) for name, column in options.columns.items()}
    with DeferredErrorFile(path) as sink, h5py.File(sink, "w") as file:
        file.attrs.update({"format": TABLE_FORMAT, "version": VERSION, "rows": table.rows})
        file.attrs["options"] = json.dumps({**recorded, "columns": columns})
        sums: dict[str, list[int]] = {}
        for number, column in enumerate(table.columns.values()):
            check_texts([column.name], "the name of a column")
            group = file.create_group(f"columns/{number}")
            group.attrs.update({"name": column.name, "kind": column.kind})
            sums |= write_column(group, column, sink.between(column.iterate_chunks()), table.rows)
        write_contents(file, {"attributes": read_attributes(file, DataError), "crc32": sums})


def write_column(
    group: h5py.Group, column: ValueStream, chunks: Iterator[RawColumn], rows: int
) -> dict[str, list[int]]:
    """Write one column in chunks; return the checksums of its datasets by path."""
    import h5py

    name, dtype = {"number": ("values", "f8"), "boolean": ("values", "i1"), "time": ("values", "i8")}.get(
        column.kind, ("texts", h5py.string_dtype())
    )
    sums = {}
    codes: dict[str | None, int] = {}
    if column.kind == "text" and (counts := column.count_values()) is not None:
        name, dtype = "codes", "i4"
        labels = sorted(label for label in counts if label is not None)
        check_texts(labels, f"column {column.name!r}")
        codes = {None: -1} | {label: code for code, label in enumerate(labels)}
        stored = group.create_dataset("labels", (len(labels),), h5py.string_dtype())
        writer = ChecksummedWriter(stored, CHUNK_ROWS)
        writer.add(np.array(labels, object))
        sums[stored.name] = writer.sums
    packing: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    dataset = group.create_dataset(name, (rows,), dtype, chunks=(min(CHUNK_ROWS, rows),), **packing)
    writer = ChecksummedWriter(dataset, CHUNK_ROWS)
    for chunk in chunks:
        writer.add(to_stored_values(chunk, codes).astype(dataset.dtype, copy=False))
    return {dataset.name: writer.sums} | sums


def to_stored_values(raw: RawColumn, codes: Mapping[str | None, int]) -> Array:
    """Convert values to those that the file stores."""
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
    """Write the typed columns of a table to ``out`` atomically; return the numbers of rows and columns.

    ConfigError if the suffix is not one of HDF5. DataError for HDF5 arrays, for a target that is not a column, and if
    the disk is full.
    """
    path = Path(options.path)
    if out.suffix.lower() not in HDF5_SUFFIXES:
        suffixes = ", ".join(HDF5_SUFFIXES)
        raise ConfigError(f"{out}: expected an output file ending in {suffixes}, because {path} is not a network")
    if (file := DataFile.open(path)).format == "converted" or file.has_arrays():
        raise DataError(f"{path}: already an HDF5 file; expected a table, e.g. CSV, Parquet or JSON")
    try:
        with create_temporary_folder(out.parent, HIDDEN_PREFIX) as folder, ExitStack() as open_files:
            read = DiskReader(folder, get_memory_limit(options), open_files).read_table
            table = read(path, build_read_options(options))
            for name in (*options.target_names, *options.ignore, *options.columns):
                table.column(name)
            with write_atomically(out) as new:
                write_table(new, table, options)
    except OSError as error:
        raise DataError(f"{out}: cannot be written: {format_os_error(error)}") from error
    return table.rows, len(table.columns)
