"""The header of a CSV file: whether the first line is one, and the names of the columns."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.parsing.number_format import find_separators, split_number
from nntrain.data.parsing.time_inference import find_candidates
from nntrain.errors import DataError

# With fewer rows, names that occur again among the values may be a coincidence.
MIN_ROWS = 5

# The names that pandas writes for a column without a name.
UNNAMED_COLUMNS = ("", "Unnamed: 0")


def has_header(path: Path, records: Sequence[Sequence[str]]) -> bool:
    """Return True. DataError if the first record is a row like the others."""
    first, rest = [cell.strip() for cell in records[0]], records[1:]
    columns = [[cell.strip() for cell in column] for column in zip(*rest, strict=False)]
    if any(map(is_measurement, first)) or looks_like_values(first, columns):
        value = next((cell for cell in first if is_measurement(cell)), next(filter(None, first), ""))
        raise DataError(
            f"{path}: line 1: expected the names of the columns, got the value {value!r}; add a header line, or set "
            "--set data.header=false if there is none (data.header=true: these are the names)"
        )
    return True


def is_measurement(name: str) -> bool:
    """Whether a name is a number with a fraction: 5.1 is a value; 7 may be the name of a pixel."""
    written = split_number(name)
    return written is not None and not written.body.isdigit() and bool(find_separators(written.body))


def looks_like_values(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether the cells of the first line are like those below: unordered numbers, dates, the same texts."""
    cells = list(zip(first, columns, strict=False))
    if any(find_candidates(cell) and all(map(find_candidates, filter(None, column))) for cell, column in cells):
        return any(filter(None, columns))
    numbers = [int(cell) for cell, column in cells if cell.isdecimal() and all(map(split_number, filter(None, column)))]
    # Names that are years or positions ascend or descend.
    steps = {(second > number) - (second < number) for number, second in pairwise(numbers)}
    if len(steps) > 1 or 0 in steps:
        return True
    texts = [(cell, column) for cell, column in cells if cell and not cell.isdecimal()]
    rows = len(columns[0]) if columns else 0
    return rows >= MIN_ROWS and bool(texts) and all(cell in column for cell, column in texts)


def read_column_names(
    path: Path, records: Sequence[Sequence[str]], *, header: bool
) -> tuple[tuple[str | None, ...], list[str]]:
    """Return the name of each column, None for one that is dropped, and a note for each of these.

    DataError for missing or duplicate names.
    """
    if not header:
        return tuple(f"column_{number}" for number in range(1, len(records[0]) + 1)), []
    names: list[str | None] = [normalize_name(name) for name in records[0]]
    notes = []
    numbers: dict[str, int] = {}
    for number, name in enumerate(records[0], start=1):
        found = normalize_name(name)
        if found in UNNAMED_COLUMNS and (reason := explain_drop(records[1:], number)):
            names[number - 1] = None
            notes.append(f"{path}: column {number} has no name and {reason}; it is dropped")
        elif not found:
            raise DataError(f"{path}: line 1: column {number} of {len(names)} has no name; give it one")
        elif found in numbers:
            both = f"columns {numbers[found]} and {number} are both named {found!r}"
            raise DataError(f"{path}: line 1: {both}; rename one of them")
        numbers[found] = number
    return tuple(names), notes


def explain_drop(records: Sequence[Sequence[str]], number: int) -> str | None:
    """Return why a column without a name contains nothing of use; None if it may."""
    column = [record[number - 1].strip() for record in records if len(record) >= number]
    if number == 1:
        return "looks like a row number" if is_row_number(column) else None
    return None if any(column) else "is empty"


def is_row_number(column: Sequence[str]) -> bool:
    """Whether the cells are the row numbers, from 0 or 1."""
    if not column or not all(cell.isdecimal() for cell in column):
        return False
    numbers = [int(cell) for cell in column]
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
