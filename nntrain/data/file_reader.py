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

from nntrain.data.duckdb_files import UNCOMPRESSED, reading
from nntrain.data.names import clean
from nntrain.data.scan import Scan
from nntrain.data.typed_copy import check_distinct
from nntrain.errors import DataError, NntrainError
from nntrain.files.plain_name import plain_name
from nntrain.files.temporary_folder import process_folder
from nntrain.hooks.registry import registry

__all__ = ["FileReader", "read_by", "scan_by"]


# Bytes of a row, of which DuckDB reads no more.
LONGEST = 2**24

# DuckDB's types for those of Python that the values of a column have.
TYPES: dict[str, set[type]] = {
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


def read_by(path: Path) -> type[FileReader] | None:
    """The reader for a file's suffix, if there is one."""
    entry = registry().by_suffix("source", path)
    return None if entry is None else entry.cls


def scan_by(path: Path, reader: FileReader) -> Scan:
    """What DuckDB selects from in place of a file, until this process ends. DataError if it cannot be read."""
    known = path.stat()
    return translated(path, reader, known.st_mtime_ns, known.st_size)


@cache
def translated(path: Path, reader: FileReader, time: int, size: int) -> Scan:
    """The rows as lines of JSON with columns c0, c1, ... of declared types, once for a file as it is."""
    new = process_folder() / f"{len(list(process_folder().iterdir()))}.jsonl"
    form = type(reader).__name__
    try:
        rows = iter(reader.rows(path))
        names = [clean(str(name)) for name in next(rows)]
        check_distinct(names)
        types: list[set[type]] = [set() for _ in names]
        with new.open("w", encoding="utf-8") as file:
            for number, row in enumerate(rows, 1):
                if len(row) != len(names):
                    raise DataError(f"row {number} has {len(row)} values for {len(names)} columns")
                values = [plain(value) for value in row]
                for found, value in zip(types, values, strict=True):
                    found.add(type(value))
                line = {f"c{place}": value for place, value in enumerate(values)}
                text = json.dumps(line, default=spelled)
                if len(text) > LONGEST:
                    raise DataError(f"row {number} takes {len(text):,} bytes, expected at most {LONGEST:,}")
                file.write(text + "\n")
    except Exception as error:
        new.unlink(missing_ok=True)
        reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
        raise DataError(f"{path}: cannot be read by {form}: {reason}") from error
    stored = {f"c{place}": sql_type(found) for place, found in enumerate(types)}
    declared = ", ".join(f"'{column}': '{type_}'" for column, type_ in stored.items())
    options = f"format='newline_delimited', columns={{{declared}}}, auto_detect=false, compression='{UNCOMPRESSED}'"
    source = reading("read_json", options)
    notes = tuple(f"{path}: {note}" for note in reader.notes)
    columns = dict(zip(names, stored, strict=True))
    found_types = dict(zip(names, stored.values(), strict=True))
    return Scan(path, source, (plain_name(new),), columns, found_types, form=form, notes=notes)


def plain(value: Any) -> Any:
    """A value as JSON and DuckDB can keep it: no infinity, no NaN, nothing of numpy; longer integers as texts."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def spelled(value: Any) -> str:
    """A value that JSON has no type for."""
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def sql_type(found: set[type]) -> str:
    """DuckDB's type for values of these types of Python; text for a mixture."""
    found = found - {type(None)}
    return next((type_ for type_, kinds in TYPES.items() if found and found <= kinds), "VARCHAR")
