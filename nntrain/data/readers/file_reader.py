"""The base class of readers of further file formats. Public: plugins provide theirs by the hook ``nntrain_readers``."""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.duckdb_settings import UNCOMPRESSED, build_reader_call
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.sql_types import infer_sql_type
from nntrain.data.readers.typed_scan import check_column_names
from nntrain.errors import DataError, NntrainError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder

# Maximum length of a row that DuckDB reads.
MAX_CELL_LENGTH = 2**24


class FileReader(ABC):
    """Reads tables from files whose names end with one of ``suffixes``, e.g. ".arff".

    ``notes``: for the user, about parts that were not read; complete after the last row.
    """

    suffixes: ClassVar[tuple[str, ...]]
    notes: Sequence[str] = ()

    @abstractmethod
    def rows(self, path: Path) -> Iterable[Sequence[Any]]:
        """Yield the column names, then the values of each row: numbers, booleans, dates, strings, None if missing.

        DataError, or any other exception, for a file that cannot be read.
        """


def convert_to_json(source: DataFile, reader: FileReader) -> Scan:
    """Scan a copy of the rows that ``reader`` reads: lines of JSON with columns c0, c1, ... of declared types.

    The copy exists until this process ends. DataError if the file cannot be read.
    """
    path = source.path
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
    call = build_reader_call("read_json", options)
    notes = tuple(f"{path}: {note}" for note in reader.notes)
    columns = dict(zip(names, stored, strict=True))
    found_types = dict(zip(names, stored.values(), strict=True))
    return Scan(path, call, (get_plain_name(new),), columns, found_types, format_name=form, notes=notes)


def to_json_value(value: Any) -> Any:
    """Convert a value to one that JSON and DuckDB can store: infinity and NaN to None, long integers to strings."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def format_value(value: Any) -> str:
    """Convert a value that JSON has no type for to a string."""
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
