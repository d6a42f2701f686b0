"""The scan of a CSV file, with all options of DuckDB set and nothing inferred by it."""

import csv
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Self

from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_inference import infer_numbers
from nntrain.data.parsing.text_counts import TextCounts
from nntrain.data.readers.csv.csv_dialect import SPACES, CsvDialect
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.duckdb_settings import COMPRESSED, UNCOMPRESSED, build_reader_call
from nntrain.data.readers.scan import Scan
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder


def make_readable(dialect: CsvDialect) -> tuple[Path, str]:
    """Return a file that DuckDB reads, and its delimiter: the file itself, or a copy until this process ends.

    csv.Error for malformed quotes, DataError for bytes that are invalid in the encoding of the file.
    """
    if dialect.is_plain:
        return dialect.text.path, dialect.delimiter
    folder = get_process_folder()
    new = folder / f"{len(list(folder.iterdir()))}.csv"
    delimiter = "," if dialect.delimiter == SPACES else dialect.delimiter
    with new.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(
            record for _, record in dialect.iterate_records(strict=dialect.delimiter != SPACES)
        )
    return new, delimiter


# Maximum number of rows and cells from which formats are first guessed.
SAMPLE_ROWS = 100
MAX_SAMPLE_CELLS = 200_000

# The default maximum length of a line in DuckDB.
MAX_SHORT_LINE = 2**20


@dataclass(frozen=True)
class CsvScan(Scan):
    """The columns of the file as text; c0, c1, ... in SQL, which does not distinguish 'a' and 'A'."""

    dialect: CsvDialect = field(kw_only=True)

    @classmethod
    def from_file(cls, source: DataFile, options: FileOptions) -> Self:
        """Scan a file. DataError if the first line is not a header, or the text cannot be decoded."""
        dialect = CsvDialect.detect(source, options)
        columns = {name: f"c{number}" for number, name in enumerate(dialect.names) if name is not None}
        types = dict.fromkeys(columns, "VARCHAR")
        try:
            file, delimiter = make_readable(dialect)
        except csv.Error as error:
            raise dialect.find_error(str(error)) from None
        parameters = (get_plain_name(file), delimiter)
        found = cls(source.path, build_source(dialect, ()), parameters, columns, types, dialect=dialect)
        # With semicolons between columns, the comma usually is the decimal separator.
        point = dialect.delimiter != ";"
        return replace(found, notes=dialect.notes, has_header=dialect.header, is_point_decimal=point)

    def with_number_columns(self, numbers: Collection[str]) -> Self:
        """Read these columns as numbers, NULL for an empty cell, and all others as text.

        A query may have two expressions for each column. Selecting raises DataError if a value is not a number.
        """
        identifiers = {self.columns[name] for name in numbers}
        return replace(self, source=build_source(self.dialect, identifiers), columns_at_once=2 * len(self.columns))

    def select_columns(self, only: Collection[str]) -> Self:
        """Restrict the scan to these columns; the first cells of the others may prove a decimal separator."""
        narrowed = super().select_columns(only)
        if len(narrowed.columns) == len(self.columns):
            return narrowed
        others = [cells for name, cells in self.read_sample().items() if name not in narrowed.columns]
        return replace(narrowed, decimals=frozenset().union(*map(infer_decimals, others)))

    def read_sample(self) -> dict[str, Sequence[str]]:
        """Return the first cells of each column; nothing if the file is malformed."""
        start = 1 if self.dialect.header else 0
        try:
            count = min(SAMPLE_ROWS, MAX_SAMPLE_CELLS // len(self.dialect.names) + 1)
            rows = [record for _, record in islice(self.dialect.iterate_records(), start, start + count)]
        except (OSError, EOFError, csv.Error, DataError):
            return {}
        cells = zip(self.dialect.names, zip(*rows, strict=False), strict=False)
        return {name: column for name, column in cells if name in self.columns}

    def find_error(self, reason: str) -> DataError:
        return self.dialect.find_error(reason)


def infer_decimals(cells: Sequence[str]) -> frozenset[str]:
    """Return the decimal separators that cells prove if they are numbers."""
    counts = Counter(text for cell in cells if (text := cell.strip()))
    inference = infer_numbers(TextCounts("", counts, ColumnFormat()))
    return frozenset() if inference is None else inference.decimals


def build_source(dialect: CsvDialect, numbers: Collection[str]) -> str:
    """Build the SQL that reads the file, the columns ``numbers`` as doubles."""
    names = (f"c{number}" for number in range(len(dialect.names)))
    columns = ", ".join(f"'{name}': '{'DOUBLE' if name in numbers else 'VARCHAR'}'" for name in names)
    compression = COMPRESSED if dialect.text.file.is_compressed and dialect.is_plain else UNCOMPRESSED
    longest = dialect.text.max_line_length
    long = f", max_line_size={2 * longest}" if longest > MAX_SHORT_LINE else ""
    return build_reader_call(
        "read_csv",
        f"""delim=?, columns={{{columns}}}, auto_detect=false, header={str(dialect.header).lower()},
        quote='"', escape='"', comment='', nullstr='', strict_mode=true, ignore_errors=false, null_padding=false,
        normalize_names=false, compression='{compression}'{long}""",
    )
