"""A CSV file as DuckDB reads it, told everything and guessing nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from nntrain.data.csv_dialect import CsvDialect
from nntrain.data.csv_faults import fault, line_of
from nntrain.data.scan import Scan, literal
from nntrain.errors import DataError

__all__ = ["CsvScan"]

EVERYTHING_IS_TEXT: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class CsvScan(Scan):
    """The columns of the file as text; c0, c1, ... in SQL, since SQL does not tell 'a' from 'A'."""

    dialect: CsvDialect = field(kw_only=True)

    @classmethod
    def of(cls, path: Path, delimiter: str | None) -> CsvScan:
        """DataError if the first line is no header."""
        dialect = CsvDialect.of(path, delimiter)
        columns = {name: f"c{number}" for number, name in enumerate(dialect.names)}
        types = dict.fromkeys(columns, "VARCHAR")
        comma = dialect.delimiter == ";"
        return cls(path, source_of(dialect), (literal(path), dialect.delimiter), columns, types, comma, dialect=dialect)

    def typed(self, types: Mapping[str, str], nothing: Sequence[str]) -> CsvScan:
        """The file read at once, columns of those ``types`` as these; ``nothing``: the words for a missing value.

        Selecting from it is a DataError if a value is not of its type.
        """
        words = ", ".join(f"'{word}'" for word in nothing)
        return replace(self, source=source_of(self.dialect, types, f", nullstr=[{words}]"), at_once=len(types))

    def fault(self, reason: str) -> DataError:
        return fault(self.dialect, reason)

    def line_of(self, row: int) -> int | None:
        return line_of(self.dialect, row)


def source_of(dialect: CsvDialect, types: Mapping[str, str] = EVERYTHING_IS_TEXT, more: str = "") -> str:
    names = (f"c{number}" for number in range(len(dialect.names)))
    columns = ", ".join(f"'{name}': '{types.get(name, 'VARCHAR')}'" for name in names)
    return f"""read_csv(?, delim=?, columns={{{columns}}}, auto_detect=false, header=true, quote='"', escape='"',
        strict_mode=true, compression='{"gzip" if dialect.compressed else "none"}'{more})"""
