"""Write rows to CSV, Parquet or HDF5, block by block and atomically."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np

from nntrain.data.readers.duckdb_settings import DUCKDB_SETTINGS, to_os_error
from nntrain.data.readers.scan import quote_identifier
from nntrain.data.readers.sql_types import infer_sql_type
from nntrain.data.writers.passthrough_columns import PassthroughColumn
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

# Columns of a block of rows. All blocks of a file have the same columns.
ColumnBlock: TypeAlias = Mapping[str, Sequence[object]]

TextFormatter: TypeAlias = Callable[[str], str]


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


def write_csv(file: IO[str], blocks: Iterable[ColumnBlock], format_text: TextFormatter | None = None) -> None:
    """Write the column names, then the rows; ``format_text`` converts strings."""
    writer = csv.writer(file, lineterminator="\n")
    for index, block in enumerate(blocks):
        columns = (
            block.values() if format_text is None else [format_texts(values, format_text) for values in block.values()]
        )
        if index == 0:
            writer.writerow(block if format_text is None else format_texts([*block], format_text))
        writer.writerows(zip(*columns, strict=True))


def format_texts(values: Sequence[object], format_text: TextFormatter) -> list[object]:
    """Convert the strings among the values by ``format_text``."""
    return [format_text(value) if isinstance(value, str) else value for value in values]


def write_csv_file(path: Path, blocks: Iterable[ColumnBlock], format_text: TextFormatter | None = None) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        write_csv(file, blocks, format_text)


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
        connection.register("block", {f"c{number}": build_array(v) for number, v in enumerate(block.values())})
        cells = (f"CAST(c{number} AS {get_column_type(values)})" for number, values in enumerate(block.values()))
        connection.execute(f"INSERT INTO rows SELECT {', '.join(cells)} FROM block")


def write_hdf5_file(path: Path, blocks: Iterable[ColumnBlock]) -> None:
    """Write a dataset for each column, named after it with underscores for slashes; its attribute ``name`` is exact."""
    import h5py

    with DeferredErrorFile(path) as sink, h5py.File(sink, "w") as file:
        datasets: dict[str, h5py.Dataset] = {}
        for block in sink.between(blocks):
            for name, values in block.items():
                array = to_hdf5_array(
                    values.to_array() if isinstance(values, PassthroughColumn) else build_array(values), name
                )
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


def build_array(values: Sequence[object]) -> np.ndarray[Any, Any]:
    """Convert a column to an array: of numbers if it has nothing else, else of objects."""
    if isinstance(values, PassthroughColumn):
        return np.array(values.values, object)
    numbers = all(isinstance(value, int | float) for value in values)
    return np.array(values) if numbers else np.array(values, object)


def to_hdf5_array(array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """Convert objects to strings, None to the empty one. DataError for strings that HDF5 cannot store."""
    check_texts([name], "the name of a column")
    if array.dtype.kind != "O":
        return array
    texts = ["" if value is None else str(value) for value in array]
    check_texts(texts, f"column {name!r}")
    return np.array(texts, object)


def get_column_type(values: Sequence[object]) -> str:
    """Return the DuckDB type of a column."""
    return values.type if isinstance(values, PassthroughColumn) else infer_sql_type(set(map(type, values)))


# The beginning of a formula, also in full-width and small forms, and after whitespace and invisible characters that a
# spreadsheet may strip. Source: OWASP, "CSV Injection".
FORMULA_PATTERN = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
)

NUMBER_PATTERN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def escape_formula(text: str) -> str:
    """Return the text, after an apostrophe if a spreadsheet would evaluate it; numbers such as -1.5 are unchanged."""
    return f"'{text}" if FORMULA_PATTERN.match(text) and not NUMBER_PATTERN.fullmatch(text) else text
