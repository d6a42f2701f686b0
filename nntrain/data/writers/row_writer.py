"""Write rows to CSV, Parquet or HDF5, block by block and atomically."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.readers.duckdb_settings import DUCKDB_SETTINGS, to_os_error
from nntrain.data.readers.scan import quote_identifier
from nntrain.data.writers.csv_writer import TextFormatter, write_csv_file
from nntrain.data.writers.passthrough_columns import ColumnBlock, PassthroughColumn
from nntrain.errors import ConfigError
from nntrain.files.atomic_write import replace_error_path, write_atomically
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.hdf5.texts import check_texts

if TYPE_CHECKING:
    import duckdb

# DuckDB's memory limit for the rows of a Parquet file, all of which are collected before it is written.
MEMORY_LIMIT = "64MiB"

# DuckDB's types of columns, by the kind of their arrays.
ARRAY_TYPES = {"b": "BOOLEAN", "i": "BIGINT", "u": "BIGINT", "f": "DOUBLE", "O": "VARCHAR"}


def write_rows(path: Path, blocks: Iterable[ColumnBlock], format_text: TextFormatter | None = None) -> None:
    """Write blocks to a file atomically, in the format of its suffix. ``format_text`` converts strings in CSV."""
    check_output_path(path)
    write = WRITERS[path.suffix.lower()] if format_text is None else partial(write_csv_file, format_text=format_text)
    with replace_error_path(path), write_atomically(path) as temporary:
        write(temporary, blocks)


def check_output_path(path: Path) -> None:
    """ConfigError if the path cannot be a file, or its suffix is not one of a supported format."""
    if path.suffix.lower() not in WRITERS:
        raise ConfigError(f"{path}: expected an output file ending in {', '.join(WRITERS)}")
    if not path.parent.is_dir():
        raise ConfigError(f"{path}: no such folder: {path.parent}; create it first")
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder; expected an output file")


def write_parquet_file(path: Path, blocks: Iterable[ColumnBlock]) -> None:
    """Write through a table of DuckDB, which spills rows to disk."""
    import duckdb

    with create_temporary_folder(path.parent, ".nntrain-") as folder:
        limits = {"memory_limit": MEMORY_LIMIT, "temp_directory": get_plain_name(folder), "threads": 1}
        try:
            with duckdb.connect(config=DUCKDB_SETTINGS | limits) as connection:
                insert_rows(connection, blocks)
                connection.execute("COPY rows TO ? (FORMAT parquet, USE_TMP_FILE false)", [get_plain_name(path)])
        except duckdb.Error as error:
            raise to_os_error(error) from error


def insert_rows(connection: duckdb.DuckDBPyConnection, blocks: Iterable[ColumnBlock]) -> None:
    """Insert all rows into a table ``rows``."""
    for index, block in enumerate(blocks):
        if index == 0:
            columns = ", ".join(f"{quote_identifier(name)} {get_column_type(values)}" for name, values in block.items())
            connection.execute(f"CREATE TABLE rows ({columns})")
        connection.register("block", {f"c{number}": to_sql_array(v) for number, v in enumerate(block.values())})
        cells = (f"CAST(c{number} AS {get_column_type(values)})" for number, values in enumerate(block.values()))
        connection.execute(f"INSERT INTO rows SELECT {', '.join(cells)} FROM block")


def write_hdf5_file(path: Path, blocks: Iterable[ColumnBlock]) -> None:
    """Write a dataset for each column, named after it with underscores for slashes; its attribute ``name`` is exact."""
    import h5py

    with DeferredErrorFile(path) as sink, h5py.File(sink, "w") as file:
        datasets: dict[str, h5py.Dataset] = {}
        for block in sink.between(blocks):
            for name, values in block.items():
                array = to_hdf5_array(values.to_array() if isinstance(values, PassthroughColumn) else values, name)
                if name not in datasets:
                    free = next(path for path in iterate_dataset_names(name) if path not in file)
                    dtype = h5py.string_dtype() if array.dtype.kind == "O" else array.dtype
                    datasets[name] = file.create_dataset(free, (0,), dtype, maxshape=(None,), chunks=True)
                    datasets[name].attrs["name"] = name
                dataset = datasets[name]
                dataset.resize(len(dataset) + len(array), axis=0)
                dataset[len(dataset) - len(array) :] = array


WRITERS: dict[str, Callable[[Path, Iterable[ColumnBlock]], None]] = {
    ".csv": write_csv_file,
    ".parquet": write_parquet_file,
    ".h5": write_hdf5_file,
    ".hdf5": write_hdf5_file,
}


def iterate_dataset_names(name: str) -> Iterator[str]:
    """Yield possible dataset names for a column."""
    path = name.replace("/", "_").strip(".") or "_"
    while True:
        yield path
        path += "_"


def to_sql_array(values: Array | PassthroughColumn) -> Array:
    """Convert a column to an array that DuckDB reads."""
    return np.array(values.values, object) if isinstance(values, PassthroughColumn) else values


def to_hdf5_array(array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """Convert objects to strings, None to the empty one. DataError for strings that HDF5 cannot store."""
    check_texts([name], "the name of a column")
    if array.dtype.kind != "O":
        return array
    texts = ["" if value is None else str(value) for value in array]
    check_texts(texts, f"column {name!r}")
    return np.array(texts, object)


def get_column_type(values: Array | PassthroughColumn) -> str:
    """Return the DuckDB type of a column."""
    return values.type if isinstance(values, PassthroughColumn) else ARRAY_TYPES[values.dtype.kind]
