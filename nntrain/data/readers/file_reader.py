"""The base of readers of further kinds of files. Public: a plugin's comes in by the hook ``nntrain_sources``."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.readers.duckdb_settings import UNCOMPRESSED, build_reader_call
from nntrain.data.readers.parquet_copy import check_column_names
from nntrain.data.readers.scan import Scan
from nntrain.errors import DataError, NntrainError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder
from nntrain.hooks.registry import get_registry

__all__ = ["FileReader", "find_reader", "scan_file"]


# Bytes of a row, of which DuckDB reads no more.
MAX_CELL_LENGTH = 2**24

# DuckDB's types for those of Python that the values of a column have.
SQL_TYPES: dict[str, set[type]] = {
    "BOOLEAN": {bool},
    "BIGINT": {int},
    "DOUBLE": {int, float},
    "TIMESTAMP": {date, datetime},
}


class FileReader(ABC):
    """Reads tables from files whose names end in one of ``suffixes``, such as ".arff"."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def rows(self, path: Path) -> Iterable[Sequence[Any]]:
        """First the names of the columns, then each row: numbers, booleans, dates, texts, None where nothing is known.

        DataError, or any other, for a file that cannot be read.
        """

    @property
    def notes(self) -> Sequence[str]:
        """Sentences for the user about what was not read, known after the last row."""
        return ()


def find_reader(path: Path) -> type[FileReader] | None:
    """The reader for a file's suffix, if there is one."""
    entry = get_registry().find_by_suffix("source", path)
    return None if entry is None else entry.cls


def scan_file(path: Path, reader: FileReader) -> Scan:
    """What DuckDB selects from in place of a file, until this process ends. DataError if it cannot be read."""
    known = path.stat()
    return convert_to_json(path, reader, known.st_mtime_ns, known.st_size)


@cache
def convert_to_json(path: Path, reader: FileReader, time: int, size: int) -> Scan:
    """The rows as lines of JSON with columns c0, c1, ... of declared types, once for a file as it is."""
    new = get_process_folder() / f"{len(list(get_process_folder().iterdir()))}.jsonl"
    form = type(reader).__name__
    try:
        rows = iter(reader.rows(path))
        names = [normalize_name(str(name)) for name in next(rows)]
        check_column_names(names)
        types: list[set[type]] = [set() for _ in names]
        with new.open("w", encoding="utf-8") as file:
            for number, row in enumerate(rows, 1):
                if len(row) != len(names):
                    raise DataError(f"row {number} has {len(row)} values for {len(names)} columns")
                values = [to_json_value(value) for value in row]
                for found, value in zip(types, values, strict=True):
                    found.add(type(value))
                line = {f"c{place}": value for place, value in enumerate(values)}
                text = json.dumps(line, default=format_value)
                if len(text) > MAX_CELL_LENGTH:
                    raise DataError(f"row {number} takes {len(text):,} bytes, expected at most {MAX_CELL_LENGTH:,}")
                file.write(text + "\n")
    except Exception as error:
        new.unlink(missing_ok=True)
        reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
        raise DataError(f"{path}: cannot be read by {form}: {reason}") from error
    stored = {f"c{place}": infer_sql_type(found) for place, found in enumerate(types)}
    declared = ", ".join(f"'{column}': '{type_}'" for column, type_ in stored.items())
    options = f"format='newline_delimited', columns={{{declared}}}, auto_detect=false, compression='{UNCOMPRESSED}'"
    source = build_reader_call("read_json", options)
    notes = tuple(f"{path}: {note}" for note in reader.notes)
    columns = dict(zip(names, stored, strict=True))
    found_types = dict(zip(names, stored.values(), strict=True))
    return Scan(path, source, (get_plain_name(new),), columns, found_types, format_name=form, notes=notes)


def to_json_value(value: Any) -> Any:
    """A value as JSON and DuckDB can keep it: no infinity, no NaN, nothing of numpy; longer integers as texts."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def format_value(value: Any) -> str:
    """A value that JSON has no type for."""
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def infer_sql_type(found: set[type]) -> str:
    """DuckDB's type for values of these types of Python; text for a mixture."""
    found = found - {type(None)}
    return next((type_ for type_, kinds in SQL_TYPES.items() if found and found <= kinds), "VARCHAR")
