"""A CSV file that DuckDB cannot read as it is, written again in UTF-8 with one kind of line end."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from nntrain.data.csv_dialect import SPACES, CsvDialect
from nntrain.files.temporary_folder import process_folder

__all__ = ["readable"]


def readable(dialect: CsvDialect) -> tuple[Path, str]:
    """A file that DuckDB reads, with its delimiter: the file itself, or a copy until this process ends.

    csv.Error for quotes that are wrong, DataError for bytes that are not in the encoding of the file.
    """
    if dialect.is_plain:
        return dialect.path, dialect.delimiter
    facts = dialect.path.stat()
    return copied(dialect, facts.st_mtime_ns, facts.st_size)


@cache
def copied(dialect: CsvDialect, time: int, size: int) -> tuple[Path, str]:
    """``readable``, once for a file as it is."""
    folder = process_folder()
    new = folder / f"{len(list(folder.iterdir()))}.csv"
    delimiter = "," if dialect.delimiter == SPACES else dialect.delimiter
    with new.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(
            record for _, record in dialect.records(strict=dialect.delimiter != SPACES)
        )
    return new, delimiter
