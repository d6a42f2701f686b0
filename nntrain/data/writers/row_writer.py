"""Files of rows that are written: CSV, Parquet or HDF5, block by block, and whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np

from nntrain.data.readers.duckdb_settings import DUCKDB_SETTINGS, to_os_error
from nntrain.data.readers.scan import quote_identifier
from nntrain.data.writers.passthrough_column import PassthroughColumn
from nntrain.errors import ConfigError
from nntrain.files.atomic_write import replace_error_path, write_atomically
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.hdf5.texts import check_texts

if TYPE_CHECKING:
    import duckdb
import re

__all__ = ["ColumnBlock", "check_output_path", "escape_formula", "write_csv", "write_rows"]

# Of the rows of a Parquet file that is written, which needs all of them before the first is in it.
MEMORY_LIMIT = "64MiB"

SQL_TYPES = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", datetime: "TIMESTAMP", date: "DATE"}

# Columns of some rows. All blocks of a file have the same columns.
ColumnBlock: TypeAlias = Mapping[str, Sequence[object]]

TextFormatter: TypeAlias = Callable[[str], str]


def write_rows(path: Path, blocks: Iterable[ColumnBlock], format_text: TextFormatter | None = None) -> None:
    """Write blocks into a file of the form that its suffix names: nothing half-written is left if that fails.

    ``format_text``: for CSV alone, how a text is written.
    """
    check_output_path(path)
    write = WRITERS[path.suffix.lower()] if format_text is None else partial(write_csv_file, format_text=format_text)
    with replace_error_path(path), write_atomically(path) as temporary:
        write(temporary, blocks)


def check_output_path(path: Path) -> None:
    """ConfigError if a file cannot lie there, or its suffix names no form of file."""
    if path.suffix.lower() not in WRITERS:
        raise ConfigError(f"{path}: expected the name of a file to write ending in {', '.join(WRITERS)}")
    if not path.parent.is_dir():
        raise ConfigError(f"{path}: there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder; expected the name of a file to write")


def write_csv(file: IO[str], blocks: Iterable[ColumnBlock], format_text: TextFormatter | None = None) -> None:
    """The names of the columns, then the rows; ``format_path``: how each text is written."""
    writer = csv.writer(file, lineterminator="\n")
    for index, block in enumerate(blocks):
        columns = (
            block.values() if format_text is None else [format_texts(values, format_text) for values in block.values()]
        )
        if index == 0:
            writer.writerow(block if format_text is None else format_texts([*block], format_text))
        writer.writerows(zip(*columns, strict=True))


def format_texts(values: Sequence[object], format_text: TextFormatter) -> list[object]:
    """The values, with the texts among them written by ``format_path``."""
    return [format_text(value) if isinstance(value, str) else value for value in values]


def write_csv_file(path: Path, blocks: Iterable[ColumnBlock], format_text: TextFormatter | None = None) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        write_csv(file, blocks, format_text)


def write_parquet_file(path: Path, blocks: Iterable[ColumnBlock]) -> None:
    """By way of a table of DuckDB, which keeps on the disk the rows that do not fit into its memory."""
    import duckdb

    with create_temporary_folder(path.parent, ".nntrain-") as folder:
        limits = {"memory_limit": MEMORY_LIMIT, "temp_directory": get_plain_name(folder), "threads": 1}
        with translate_duckdb_errors(duckdb.Error), duckdb.connect(config=DUCKDB_SETTINGS | limits) as connection:
            insert_rows(connection, blocks)
            connection.execute("COPY rows TO ? (FORMAT parquet, USE_TMP_FILE false)", [get_plain_name(path)])


def insert_rows(connection: duckdb.DuckDBPyConnection, blocks: Iterable[ColumnBlock]) -> None:
    """Put all rows into a table ``rows``."""
    for index, block in enumerate(blocks):
        if index == 0:
            columns = ", ".join(f"{quote_identifier(name)} {infer_sql_type(values)}" for name, values in block.items())
            connection.execute(f"CREATE TABLE rows ({columns})")
        connection.register("block", {f"c{number}": build_array(v) for number, v in enumerate(block.values())})
        cells = (build_value_expression(f"c{number}", values) for number, values in enumerate(block.values()))
        connection.execute(f"INSERT INTO rows SELECT {', '.join(cells)} FROM block")


@contextmanager
def translate_duckdb_errors(kind: type[Exception]) -> Iterator[None]:
    """An error of DuckDB as the system would say it."""
    try:
        yield
    except kind as error:
        raise to_os_error(error) from error


def write_hdf5_file(path: Path, blocks: Iterable[ColumnBlock]) -> None:
    """A dataset for each column, with its name as the attribute ``name``; a slash in it becomes a low line."""
    import h5py

    with DeferredErrorFile(path) as sink, h5py.File(sink, "w") as file:
        datasets: dict[str, h5py.Dataset] = {}
        for block in sink.between(blocks):
            for name, values in block.items():
                array = to_hdf5_array(
                    values.to_array() if isinstance(values, PassthroughColumn) else build_array(values), name
                )
                if name not in datasets:
                    free = next(place for place in iterate_dataset_names(name) if place not in file)
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
    """Where a column may lie in an HDF5 file."""
    place = name.replace("/", "_").strip(".") or "_"
    while True:
        yield place
        place += "_"


def build_value_expression(column: str, values: Sequence[object]) -> str:
    """SQL for a column of a block: the value of a text that is kept."""
    return f"CAST({column} AS {values.type})" if isinstance(values, PassthroughColumn) else column


def build_array(values: Sequence[object]) -> np.ndarray[Any, Any]:
    """A column as an array: of numbers if it has nothing else, of objects otherwise."""
    if isinstance(values, PassthroughColumn):
        return np.array(values.values, object)
    numbers = all(isinstance(value, int | float) for value in values)
    return np.array(values) if numbers else np.array(values, object)


def to_hdf5_array(array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """A column as HDF5 keeps it: objects as text, nothing as the empty text. DataError for what it cannot keep."""
    check_texts([name], "the name of a column")
    if array.dtype.kind != "O":
        return array
    texts = ["" if value is None else str(value) for value in array]
    check_texts(texts, f"column {name!r}")
    return np.array(texts, object)


def infer_sql_type(values: Sequence[object]) -> str:
    """DuckDB's type for a column."""
    if isinstance(values, PassthroughColumn):
        return values.type
    found = next((value for value in values if value is not None), None)
    return SQL_TYPES.get(type(found), "VARCHAR")


# How a formula begins, in full width and as small forms too, and after spaces and invisible characters that a
# spreadsheet may strip; OWASP, "CSV Injection".
FORMULA_PATTERN = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
)

NUMBER_PATTERN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def escape_formula(text: str) -> str:
    """The text, after an apostrophe if a spreadsheet would compute it; numbers such as -1.5 stay."""
    return f"'{text}" if FORMULA_PATTERN.match(text) and not NUMBER_PATTERN.fullmatch(text) else text
