"""A CSV file as DuckDB reads it, with everything set and nothing guessed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Self

from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_inference import infer_numbers
from nntrain.data.parsing.text_counts import TextCounts
from nntrain.data.readers.csv.csv_dialect import SPACES, CsvDialect
from nntrain.data.readers.csv.csv_errors import find_error, find_line
from nntrain.data.readers.duckdb_settings import COMPRESSED, UNCOMPRESSED, build_reader_call
from nntrain.data.readers.scan import Scan
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder

__all__ = ["CsvScan", "make_readable"]


def make_readable(dialect: CsvDialect) -> tuple[Path, str]:
    """A file that DuckDB reads, with its delimiter: the file itself, or a copy until this process ends.

    csv.Error for quotes that are wrong, DataError for bytes that are not in the encoding of the file.
    """
    if dialect.is_plain:
        return dialect.path, dialect.delimiter
    facts = dialect.path.stat()
    return copy_once(dialect, facts.st_mtime_ns, facts.st_size)


@cache
def copy_once(dialect: CsvDialect, time: int, size: int) -> tuple[Path, str]:
    """``make_readable``, once for a file as it is."""
    folder = get_process_folder()
    new = folder / f"{len(list(folder.iterdir()))}.csv"
    delimiter = "," if dialect.delimiter == SPACES else dialect.delimiter
    with new.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(
            record for _, record in dialect.iterate_records(strict=dialect.delimiter != SPACES)
        )
    return new, delimiter


# Rows, and cells, by which is guessed how the others are written.
SAMPLE_ROWS = 100
MAX_SAMPLE_CELLS = 200_000

# The longest line that DuckDB reads without being asked to.
MAX_SHORT_LINE = 2**20


@dataclass(frozen=True)
class CsvScan(Scan):
    """The columns of the file as text; c0, c1, ... in SQL, since SQL does not tell 'a' from 'A'."""

    dialect: CsvDialect = field(kw_only=True)

    @classmethod
    def from_file(cls, path: Path, options: FileOptions) -> CsvScan:
        """DataError if the first line is not a header, or the text cannot be read."""
        dialect = CsvDialect.detect(path, options)
        columns = {name: f"c{number}" for number, name in enumerate(dialect.names) if name is not None}
        types = dict.fromkeys(columns, "VARCHAR")
        try:
            file, delimiter = make_readable(dialect)
        except csv.Error as error:
            raise find_error(dialect, str(error)) from None
        source = build_source(dialect, ())
        return cls(
            path, source, (get_plain_name(file), delimiter), columns, types, notes=dialect.notes, dialect=dialect
        )

    def with_number_columns(self, numbers: Collection[str]) -> CsvScan:
        """The file with these columns as numbers, of which an empty cell is none, and all others as text.

        Selecting from it is a DataError if a value is not a number.
        """
        identifiers = {self.columns[name] for name in numbers}
        return replace(self, source=build_source(self.dialect, identifiers), columns_at_once=len(self.columns))

    def select_columns(self, only: Collection[str]) -> Self:
        """The same file with these columns alone; the first cells of the others may tell what a comma is."""
        narrowed = super().select_columns(only)
        if len(narrowed.columns) == len(self.columns):
            return narrowed
        others = [cells for name, cells in self.read_sample().items() if name not in narrowed.columns]
        return replace(narrowed, decimals=frozenset().union(*map(infer_decimals, others)))

    def read_sample(self) -> dict[str, Sequence[str]]:
        """The first cells of each column; nothing if the file has a fault."""
        begin = 1 if self.dialect.header else 0
        try:
            count = min(SAMPLE_ROWS, MAX_SAMPLE_CELLS // len(self.dialect.names) + 1)
            rows = [record for _, record in islice(self.dialect.iterate_records(), begin, begin + count)]
        except (OSError, EOFError, csv.Error, DataError):
            return {}
        cells = zip(self.dialect.names, zip(*rows, strict=False), strict=False)
        return {name: column for name, column in cells if name in self.columns}

    @property
    def has_header(self) -> bool:
        return self.dialect.header

    @property
    def is_point_decimal(self) -> bool:
        """Where a semicolon separates the columns, the comma mostly separates fractions."""
        return self.dialect.delimiter != ";"

    def find_error(self, reason: str) -> DataError:
        return find_error(self.dialect, reason)

    def find_line(self, row: int) -> int | None:
        return find_line(self.dialect, row)


def infer_decimals(cells: Sequence[str]) -> frozenset[str]:
    """The decimal separator of a column, if its cells are numbers that show it."""
    counts = Counter(text for cell in cells if (text := cell.strip()))
    inference = infer_numbers(TextCounts("", counts, ColumnFormat()))
    return frozenset() if inference is None else inference.decimals


def build_source(dialect: CsvDialect, numbers: Collection[str]) -> str:
    """The SQL of the table, in which columns of ``numbers`` are of doubles."""
    names = (f"c{number}" for number in range(len(dialect.names)))
    columns = ", ".join(f"'{name}': '{'DOUBLE' if name in numbers else 'VARCHAR'}'" for name in names)
    compression = COMPRESSED if dialect.text.is_compressed and dialect.is_plain else UNCOMPRESSED
    longest = dialect.text.max_line_length
    long = f", max_line_size={2 * longest}" if longest > MAX_SHORT_LINE else ""
    return build_reader_call(
        "read_csv",
        f"""delim=?, columns={{{columns}}}, auto_detect=false, header={str(dialect.header).lower()},
        quote='"', escape='"', comment='', nullstr='', strict_mode=true, ignore_errors=false, null_padding=false,
        normalize_names=false, compression='{compression}'{long}""",
    )
