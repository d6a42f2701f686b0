"""A CSV file as DuckDB reads it, with everything set and nothing guessed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Self

from nntrain.data.csv_copy import readable
from nntrain.data.csv_dialect import CsvDialect
from nntrain.data.csv_faults import fault, line_of
from nntrain.data.duckdb_files import COMPRESSED, UNCOMPRESSED, reading
from nntrain.data.file_options import FileOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.infer_numbers import infer_numbers
from nntrain.data.parsing.texts import Texts
from nntrain.data.scan import Scan
from nntrain.errors import DataError
from nntrain.files.plain_name import plain_name

__all__ = ["CsvScan"]

# Rows, and cells, by which is guessed how the others are written.
SAMPLE = 100
CELLS = 200_000

# The longest line that DuckDB reads without being asked to.
LONG_LINE = 2**20


@dataclass(frozen=True)
class CsvScan(Scan):
    """The columns of the file as text; c0, c1, ... in SQL, since SQL does not tell 'a' from 'A'."""

    dialect: CsvDialect = field(kw_only=True)

    @classmethod
    def of(cls, path: Path, options: FileOptions) -> CsvScan:
        """DataError if the first line is not a header, or the text cannot be read."""
        dialect = CsvDialect.of(path, options)
        columns = {name: f"c{number}" for number, name in enumerate(dialect.names) if name is not None}
        types = dict.fromkeys(columns, "VARCHAR")
        try:
            file, delimiter = readable(dialect)
        except csv.Error as error:
            raise fault(dialect, str(error)) from None
        source = source_of(dialect, ())
        return cls(path, source, (plain_name(file), delimiter), columns, types, notes=dialect.notes, dialect=dialect)

    def typed(self, numbers: Collection[str]) -> CsvScan:
        """The file with these columns as numbers, of which an empty cell is none, and all others as text.

        Selecting from it is a DataError if a value is not a number.
        """
        identifiers = {self.columns[name] for name in numbers}
        return replace(self, source=source_of(self.dialect, identifiers), at_once=len(self.columns))

    def narrowed(self, only: Collection[str]) -> Self:
        """The same file with these columns alone; the first cells of the others may tell what a comma is."""
        narrowed = super().narrowed(only)
        if len(narrowed.columns) == len(self.columns):
            return narrowed
        others = [cells for name, cells in self.sample().items() if name not in narrowed.columns]
        return replace(narrowed, decimals=frozenset().union(*map(proven_decimals, others)))

    def sample(self) -> dict[str, Sequence[str]]:
        """The first cells of each column; nothing if the file has a fault."""
        begin = 1 if self.dialect.header else 0
        try:
            count = min(SAMPLE, CELLS // len(self.dialect.names) + 1)
            rows = [record for _, record in islice(self.dialect.records(), begin, begin + count)]
        except (OSError, EOFError, csv.Error, DataError):
            return {}
        cells = zip(self.dialect.names, zip(*rows, strict=False), strict=False)
        return {name: column for name, column in cells if name in self.columns}

    @property
    def header(self) -> bool:
        return self.dialect.header

    @property
    def point(self) -> bool:
        """Where a semicolon separates the columns, the comma mostly separates fractions."""
        return self.dialect.delimiter != ";"

    def fault(self, reason: str) -> DataError:
        return fault(self.dialect, reason)

    def line_of(self, row: int) -> int | None:
        return line_of(self.dialect, row)


def proven_decimals(cells: Sequence[str]) -> frozenset[str]:
    """The decimal separator of a column, if its cells are numbers that show it."""
    counts = Counter(text for cell in cells if (text := cell.strip()))
    inference = infer_numbers(Texts("", counts, ColumnFormat()))
    return frozenset() if inference is None else inference.decimals


def source_of(dialect: CsvDialect, numbers: Collection[str]) -> str:
    """The SQL of the table, in which columns of ``numbers`` are of doubles."""
    names = (f"c{number}" for number in range(len(dialect.names)))
    columns = ", ".join(f"'{name}': '{'DOUBLE' if name in numbers else 'VARCHAR'}'" for name in names)
    compression = COMPRESSED if dialect.text.compressed and dialect.is_plain else UNCOMPRESSED
    longest = dialect.text.longest
    long = f", max_line_size={2 * longest}" if longest > LONG_LINE else ""
    return reading(
        "read_csv",
        f"""delim=?, columns={{{columns}}}, auto_detect=false, header={str(dialect.header).lower()},
        quote='"', escape='"', comment='', nullstr='', strict_mode=true, ignore_errors=false, null_padding=false,
        normalize_names=false, compression='{compression}'{long}""",
    )
