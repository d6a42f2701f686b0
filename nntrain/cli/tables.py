"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nntrain.data.targets.class_target import format_label
from nntrain.formatting import escape_line, shorten

__all__ = [
    "format_class_tables",
    "format_duration",
    "format_first_lines",
    "format_first_rows",
    "format_number",
    "format_scores",
    "format_table",
    "select_scalars",
]

# Characters of a cell, rows of a table below its head, and lines of a network.
MAX_CELL_WIDTH, MAX_ROWS, MAX_LINES = 200, 50, 200


def format_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text below a head, with their columns aligned, those of numbers to the right. No cell breaks its line."""
    cells = [[shorten(escape_line(cell), MAX_CELL_WIDTH) for cell in row] for row in rows]
    aligned = [align_column(column) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*aligned, strict=True))


def format_first_rows(rows: Sequence[Sequence[str]], what: str, show_all: bool = False) -> str:
    """A table, of which only the first rows are printed unless ``every``, and how many others there are."""
    more = len(rows) - 1 - MAX_ROWS
    if show_all or more <= 0:
        return format_table(rows)
    return f"{format_table(rows[: MAX_ROWS + 1])}\n... and {more:,} more {what}; --all prints them"


def format_first_lines(tree: str, every: str, show_all: bool = False) -> str:
    """A network as it prints itself, of which only the first lines are printed unless ``whole``.

    ``every``: what prints all.
    """
    lines = tree.split("\n")
    more = len(lines) - MAX_LINES
    return (
        tree
        if show_all or more <= 0
        else "\n".join([*lines[:MAX_LINES], f"... and {more:,} more lines; {every} prints them"])
    )


def align_column(cells: Sequence[str]) -> list[str]:
    """The cells of one column, the head being the first, in its width."""
    width = max(map(len, cells))
    right = all(map(is_number, cells[1:]))
    return [cell.rjust(width) if right else cell.ljust(width) for cell in cells]


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    return (
        text == "-"
        or text.replace(",", "").replace(".", "").replace("-", "").replace("e", "").replace("+", "").isdigit()
    )


def format_scores(scores: Mapping[str, Mapping[str, Any]]) -> str:
    """Scores by part of the data, a row each; those that are tables are left out."""
    names = {name: None for values in scores.values() for name in select_scalars(values)}
    return format_table(
        [
            ["", *names],
            *(
                [part, *(format_number(select_scalars(values).get(name)) for name in names)]
                for part, values in scores.items()
            ),
        ]
    )


def select_scalars(scores: Mapping[str, Any]) -> dict[str, Any]:
    """The scores that are one number."""
    return {name: value for name, value in scores.items() if not isinstance(value, Mapping)}


def format_number(value: float | None) -> str:
    """A score, or how many rows there are, in a cell; what is not known, or no number, is a dash."""
    if value is None or value != value:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def format_count(number: int, noun: str) -> str:
    """``1 epoch``, ``2 epochs``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def format_duration(seconds: float) -> str:
    """Seconds in units that people read."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.3g} min" if seconds < 7200 else f"{seconds / 3600:.3g} h"


# Of a table with more rows, or wider, only a part is shown.
MAX_CLASSES, MAX_WIDTH = 30, 120

# So many of the confusions are listed, where the matrix is too large.
MAX_CONFUSIONS = 10

ScoreTable = Mapping[str, Mapping[str, float]]


def format_class_tables(scores: Mapping[str, Any], rest: str = "--json tells all") -> Iterator[str]:
    """The tables among scores, a name above each; ``rest``: where all of a long one is."""
    for name, value in scores.items():
        if isinstance(value, Mapping):
            yield (
                format_confusion_matrix(name, value, rest)
                if list(value) == list(get_first_row(value))
                else format_score_table(name, value, rest)
            )


def get_first_row(table: ScoreTable) -> Mapping[str, float]:
    """The first row of a table."""
    return next(iter(table.values()), {})


def format_score_table(name: str, table: ScoreTable, where: str) -> str:
    """A table of scores, or its first rows."""
    lines = [
        [format_label(row), *map(format_number, values.values())] for row, values in list(table.items())[:MAX_CLASSES]
    ]
    rest = len(table) - len(lines)
    return format_table([[name, *map(format_label, get_first_row(table))], *lines]) + (
        f"\n... and {rest} more: {where}" if rest else ""
    )


def format_confusion_matrix(name: str, table: ScoreTable, where: str) -> str:
    """A confusion matrix, if it is small enough; else its largest entries beside the diagonal."""
    text = f"{name}: a row for each true class, a column for each prediction\n{format_score_table('', table, where)}"
    if len(table) <= MAX_CLASSES and max(map(len, text.splitlines())) <= MAX_WIDTH:
        return text
    pairs = [
        (true, said, count) for true, row in table.items() for said, count in row.items() if true != said and count
    ]
    largest = sorted(pairs, key=lambda pair: -pair[2])[:MAX_CONFUSIONS]
    lines = [
        ["true", "predicted", "rows"],
        *([format_label(true), format_label(said), format_number(count)] for true, said, count in largest),
    ]
    return f"{name}: the largest of {len(pairs):,} confusions; {where}\n{format_table(lines)}"
