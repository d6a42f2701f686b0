"""Look up the strings of categories in DuckDB: a string in Python for each row takes several times as long."""

from collections.abc import Mapping, Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.readers.scan import Scan, fill_masked
from nntrain.data.tables.coded_column import CodedColumn, factorize
from nntrain.data.tables.raw_column import RawColumn

# Maximum number of labels to look up, and the minimum bytes of the file for each: more take longer to plan a query for,
# which reading a small file does not outweigh.
MAX_LABELS, BYTES_PER_LABEL = 1024, 2**14


def choose_labels(
    scan: Scan, formats: Mapping[str, ColumnFormat], labels: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    """Return the labels of the columns to look up: of those that are declared as strings, until they are too many."""
    most = min(scan.path.stat().st_size // BYTES_PER_LABEL, MAX_LABELS)
    chosen: dict[str, Sequence[str]] = {}
    count = 0
    for name, known in labels.items():
        if name in formats and formats[name].kind == "text" and known and all(map(is_plain, known)):
            count += len(known)
            if count > most:
                break
            chosen[name] = known
    return chosen


def is_plain(label: str) -> bool:
    """Whether a label is stripped, as the strings of a file are, and SQL can express it."""
    return label == label.strip() and "\0" not in label


def build_lookups(scan: Scan, labels: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Build the SQL for the index of each string in the labels of its column, and for the strings without one.

    NULL is, instead of an index, any other string, and instead of a string, one with an index, or a missing one. DuckDB
    strips fewer kinds of whitespace than Python, so that a string with others around it has no index.
    """
    found = {}
    for name, known in labels.items():
        text = f"CAST({scan.columns[name]} AS VARCHAR)"
        quoted = ", ".join("'" + label.replace("'", "''") + "'" for label in known)
        label = f"TRY_CAST({scan.strip_text(text)} AS ENUM({quoted}))"
        found[name] = f"CASE WHEN {label} IS NULL THEN {text} END"
        found[get_index_name(name)] = f"enum_code({label})"
    return found


def get_index_name(name: str) -> str:
    """Return the name of the indices of a column, which no column has, as names do not end with whitespace."""
    return f"{name} "


def decode_lookup(name: str, texts: Array, indices: Array, known: Sequence[str]) -> CodedColumn:
    """Return a column from the results of ``build_lookups``."""
    rows = np.flatnonzero(~np.ma.getmaskarray(texts))
    others = factorize(RawColumn(name, "text", np.ma.getdata(texts)[rows]))
    codes = fill_masked(indices.astype(np.int32), len(known))
    codes[rows] = len(known) + 1 + others.codes
    return CodedColumn(name, codes, np.concatenate([np.array([*known, None], object), others.labels]))
