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

from nntrain.data.duckdb_files import SETTINGS, system_error
from nntrain.data.kept_column import KeptColumn
from nntrain.data.scan import identifier
from nntrain.errors import ConfigError
from nntrain.files.plain_name import plain_name
from nntrain.files.temporary_folder import temporary_folder
from nntrain.files.whole_file import named, whole_file
from nntrain.hdf5.sink import Sink
from nntrain.hdf5.texts import check_texts

if TYPE_CHECKING:
    import duckdb

__all__ = ["Block", "check_place", "write_csv", "write_rows"]

# Of the rows of a Parquet file that is written, which needs all of them before the first is in it.
MEMORY = "64MiB"

SQL_TYPES = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", datetime: "TIMESTAMP", date: "DATE"}

# Columns of some rows. All blocks of a file have the same columns.
Block: TypeAlias = Mapping[str, Sequence[object]]

Spelling: TypeAlias = Callable[[str], str]


def write_rows(path: Path, blocks: Iterable[Block], spell: Spelling | None = None) -> None:
    """Write blocks into a file of the form that its suffix names: nothing half-written is left if that fails.

    ``spell``: for CSV alone, how a text is written.
    """
    check_place(path)
    write = WRITERS[path.suffix.lower()] if spell is None else partial(csv_file, spell=spell)
    with named(path), whole_file(path) as temporary:
        write(temporary, blocks)


def check_place(path: Path) -> None:
    """ConfigError if a file cannot lie there, or its suffix names no form of file."""
    if path.suffix.lower() not in WRITERS:
        raise ConfigError(f"{path}: expected the name of a file to write ending in {', '.join(WRITERS)}")
    if not path.parent.is_dir():
        raise ConfigError(f"{path}: there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder; expected the name of a file to write")


def write_csv(file: IO[str], blocks: Iterable[Block], spell: Spelling | None = None) -> None:
    """The names of the columns, then the rows; ``spell``: how each text is written."""
    writer = csv.writer(file, lineterminator="\n")
    for index, block in enumerate(blocks):
        columns = block.values() if spell is None else [spelled(values, spell) for values in block.values()]
        if index == 0:
            writer.writerow(block if spell is None else spelled([*block], spell))
        writer.writerows(zip(*columns, strict=True))


def spelled(values: Sequence[object], spell: Spelling) -> list[object]:
    """The values, with the texts among them written by ``spell``."""
    return [spell(value) if isinstance(value, str) else value for value in values]


def csv_file(path: Path, blocks: Iterable[Block], spell: Spelling | None = None) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        write_csv(file, blocks, spell)


def parquet_file(path: Path, blocks: Iterable[Block]) -> None:
    """By way of a table of DuckDB, which keeps on the disk the rows that do not fit into its memory."""
    import duckdb

    with temporary_folder(path.parent, ".nntrain-") as folder:
        limits = {"memory_limit": MEMORY, "temp_directory": plain_name(folder), "threads": 1}
        with told_by_system(duckdb.Error), duckdb.connect(config=SETTINGS | limits) as connection:
            fill(connection, blocks)
            connection.execute("COPY rows TO ? (FORMAT parquet, USE_TMP_FILE false)", [plain_name(path)])


def fill(connection: duckdb.DuckDBPyConnection, blocks: Iterable[Block]) -> None:
    """Put all rows into a table ``rows``."""
    for index, block in enumerate(blocks):
        if index == 0:
            columns = ", ".join(f"{identifier(name)} {sql_type(values)}" for name, values in block.items())
            connection.execute(f"CREATE TABLE rows ({columns})")
        connection.register("block", {f"c{number}": array_of(v) for number, v in enumerate(block.values())})
        cells = (value_of(f"c{number}", values) for number, values in enumerate(block.values()))
        connection.execute(f"INSERT INTO rows SELECT {', '.join(cells)} FROM block")


@contextmanager
def told_by_system(kind: type[Exception]) -> Iterator[None]:
    """An error of DuckDB as the system would say it."""
    try:
        yield
    except kind as error:
        raise system_error(error) from error


def hdf5_file(path: Path, blocks: Iterable[Block]) -> None:
    """A dataset for each column, with its name as the attribute ``name``; a slash in it becomes a low line."""
    import h5py

    with Sink(path) as sink, h5py.File(sink, "w") as file:
        datasets: dict[str, h5py.Dataset] = {}
        for block in sink.between(blocks):
            for name, values in block.items():
                array = stored(values.array() if isinstance(values, KeptColumn) else array_of(values), name)
                if name not in datasets:
                    free = next(place for place in places(name) if place not in file)
                    dtype = h5py.string_dtype() if array.dtype.kind == "O" else array.dtype
                    datasets[name] = file.create_dataset(free, (0,), dtype, maxshape=(None,), chunks=True)
                    datasets[name].attrs["name"] = name
                dataset = datasets[name]
                dataset.resize(len(dataset) + len(array), axis=0)
                dataset[len(dataset) - len(array) :] = array


WRITERS: dict[str, Callable[[Path, Iterable[Block]], None]] = {
    ".csv": csv_file,
    ".parquet": parquet_file,
    ".h5": hdf5_file,
    ".hdf5": hdf5_file,
}


def places(name: str) -> Iterator[str]:
    """Where a column may lie in an HDF5 file."""
    place = name.replace("/", "_").strip(".") or "_"
    while True:
        yield place
        place += "_"


def value_of(column: str, values: Sequence[object]) -> str:
    """SQL for a column of a block: the value of a text that is kept."""
    return f"CAST({column} AS {values.type})" if isinstance(values, KeptColumn) else column


def array_of(values: Sequence[object]) -> np.ndarray[Any, Any]:
    """A column as an array: of numbers if it has nothing else, of objects otherwise."""
    if isinstance(values, KeptColumn):
        return np.array(values.plain, object)
    numbers = all(isinstance(value, int | float) for value in values)
    return np.array(values) if numbers else np.array(values, object)


def stored(array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """A column as HDF5 keeps it: objects as text, nothing as the empty text. DataError for what it cannot keep."""
    check_texts([name], "the name of a column")
    if array.dtype.kind != "O":
        return array
    texts = ["" if value is None else str(value) for value in array]
    check_texts(texts, f"column {name!r}")
    return np.array(texts, object)


def sql_type(values: Sequence[object]) -> str:
    """DuckDB's type for a column."""
    if isinstance(values, KeptColumn):
        return values.type
    found = next((value for value in values if value is not None), None)
    return SQL_TYPES.get(type(found), "VARCHAR")
