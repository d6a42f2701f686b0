"""Which columns of a file are read as values, and which as texts, whose format is inferred."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Self

from nntrain.data.option_suggestions import suggest_ignore, suggest_type
from nntrain.data.options.file_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.format_inference import build_infinite_note, build_notes, infer_file_formats
from nntrain.data.parsing.number_inference import MAX_EXACT_INTEGER
from nntrain.data.parsing.text_counts import FormatInference, TextCounts
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.scan import Scan
from nntrain.data.tables.raw_column import ValueKind
from nntrain.errors import DataError

INTEGER_TYPES = ("BIGINT", "HUGEINT", "UBIGINT", "UHUGEINT")
FLOAT_TYPES = ("DOUBLE", "FLOAT")

# The types in which values are read, by kind.
SQL_TYPES = {"number": "DOUBLE", "boolean": "DOUBLE", "time": "TIMESTAMP", "text": "VARCHAR"}


@dataclass
class ScanColumns:
    """``kinds``: the kind of each column that is read as values; ``texts``: the declared formats of the others."""

    kinds: dict[str, ValueKind] = field(default_factory=dict)
    texts: dict[str, ColumnFormat] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def from_scan(cls, scan: Scan, options: ReadOptions) -> Self:
        """Decide by stored types and declared formats. DataError for lists, objects and bytes."""
        found = cls()
        for name, type_ in scan.types.items():
            asked = options.get_format(name, only_null=scan.format_name == "Parquet")
            natural = get_value_kind(type_)
            if natural is None and asked.kind is None:
                raise DataError(
                    f"{scan.path}: column {name!r} has the type {type_}; expected numbers, strings, booleans or times; "
                    f"exclude it with {suggest_ignore(name)}"
                )
            as_text = asked.kind == "text" and natural in ("number", "time") and type_ not in INTEGER_TYPES
            if natural not in (None, "text") and (asked.kind in (None, natural) or as_text) and asked.time is None:
                found.kinds[name] = natural or "text"
            else:
                found.texts[name] = asked
        found._check_exactness(scan, options)
        return found

    def build_expressions(self, scan: Scan) -> dict[str, str]:
        """Build the SQL for the values of each column: doubles, times in UTC, or strings."""
        found = {}
        for name, column in scan.columns.items():
            kind = self.kinds.get(name, "text")
            found[name] = f"CAST({column} AS {SQL_TYPES[kind]})"
            if kind == "time" and "TIME ZONE" in scan.types[name]:
                found[name] = f"make_timestamp(epoch_us({column}))"
        return found

    def _check_exactness(self, scan: Scan, options: ReadOptions) -> None:
        """Read columns with integers beyond float64 as text, and count infinite numbers."""
        numbers = [name for name, kind in self.kinds.items() if kind == "number"]
        wide = [name for name in numbers if scan.types[name] in INTEGER_TYPES and options.get_format(name).kind is None]
        floats = [name for name in numbers if scan.types[name] in FLOAT_TYPES]
        inexact = [f"(abs({scan.columns[name]}::HUGEINT) > {MAX_EXACT_INTEGER})" for name in wide]
        infinite = [f"isinf({scan.columns[name]})" for name in floats]
        conditions = [*inexact, *infinite]
        # An aggregate for each column takes longest, so one for all is computed first.
        if not conditions or not scan.select([f"coalesce(bool_or(true IN ({', '.join(conditions)})), false)"])[0][0]:
            return
        expressions = [f"coalesce(bool_or{condition}, false)" for condition in inexact]
        # Not count with FILTER, whose planning time grows with the square of the columns.
        expressions += [f"coalesce(sum({condition}::INTEGER), 0)" for condition in infinite]
        found = [values[0] for values in scan.select(expressions)]
        for name, lossy in zip(wide, found[: len(wide)], strict=True):
            if lossy:
                del self.kinds[name]
                self.texts[name] = ColumnFormat(kind="text", missing=options.get_format(name, only_null=True).missing)
                reason = "it has integers with more digits than a float64 can represent"
                self.notes.append(
                    f"column {name!r} is a category: {reason}; as numbers: {suggest_type(name, 'number')}"
                )
        for name, rows in zip(floats, found[len(wide) :], strict=True):
            if rows:
                self.notes.append(build_infinite_note(name, int(rows)))


def get_value_kind(type_: str) -> ValueKind | None:
    """Return the kind of a DuckDB type; None for lists, objects and bytes."""
    if type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION", "BLOB", "BIT", "INTERVAL")):
        return None
    if type_.startswith(("DATE", "TIMESTAMP")):
        return "time"
    if type_.startswith(("VARCHAR", "ENUM", "UUID", "TIME", "JSON")):
        return "text"
    return "boolean" if type_ == "BOOLEAN" else "number"


def infer_formats(
    scan: Scan, columns: Collection[TextCounts], decimals: Collection[str]
) -> tuple[dict[str, ColumnFormat], list[str]]:
    """Infer the format of each column; return notes for the user with them.

    ``decimals``: the decimal separators that other columns prove. DataError, with row and line, for a text that does
    not match the others of its column, and for an ambiguous format.
    """
    try:
        found = infer_file_formats(columns, decimals, point=scan.is_point_decimal)
    except DataError as error:
        raise DataError(f"{scan.path}: {error}") from None
    declared = {texts.name: texts.declared for texts in columns}
    for name, inference in found.items():
        if inference.wrong is not None:
            raise build_format_error(scan, name, inference, declared=declared[name])
    return {name: form for name, one in found.items() if (form := one.format) is not None}, build_notes(found)


def build_format_error(scan: Scan, name: str, inference: FormatInference, *, declared: bool) -> DataError:
    """Build the error that names the first row with the wrong text, and its line."""
    literal = str(inference.wrong).replace("'", "''")
    text = f"CAST({scan.columns[name]} AS VARCHAR)"
    # Python strips more kinds of whitespace than SQL does, so the cell may be longer than its text.
    row, value = scan.find_first(f"regexp_replace({text}, '^\\s+|\\s+$', '', 'g') = '{literal}'", text)
    line = scan.dialect.find_line(row) if isinstance(scan, CsvScan) else None
    location = f"row {row}" if line is None else f"row {row} (line {line})"
    advice = "fix it or leave the cell empty"
    if not declared:
        advice += f", or, if the column is a category, {suggest_type(name, 'category')}"
    got = str(value).strip()
    return DataError(f"{scan.path}: {location}, column {name!r}: expected {inference.expected}, got {got!r}; {advice}")
