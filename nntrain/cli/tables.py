"""Tables, scores and numbers on the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nntrain.data.targets.class_target import format_label
from nntrain.formatting import escape_line, format_number, is_number, shorten
from nntrain.training.metrics.score_rows import build_score_rows

# Maximum number of characters in a cell, rows in a table without its header, and lines of a network.
MAX_CELL_WIDTH, MAX_ROWS, MAX_LINES = 200, 50, 200


def format_table(rows: Sequence[Sequence[str]]) -> str:
    """A header and rows of strings in aligned columns, numbers to the right. Line ends in cells are escaped."""
    cells = [[shorten(escape_line(cell), MAX_CELL_WIDTH) for cell in row] for row in rows]
    aligned = [align_column(column) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*aligned, strict=True))


def format_first_rows(rows: Sequence[Sequence[str]], noun: str, show_all: bool = False, option: str = "--all") -> str:
    """A table; unless ``show_all``, only its first rows and the number of the others, which ``option`` prints."""
    more = len(rows) - 1 - MAX_ROWS
    if show_all or more <= 0:
        return format_table(rows)
    return f"{format_table(rows[: MAX_ROWS + 1])}\n... and {more:,} more {noun}; {option} prints them"


def format_first_lines(tree: str, every: str, show_all: bool = False) -> str:
    """The printed form of a network; unless ``show_all``, only its first lines.

    ``every``: the option or command that prints all.
    """
    lines = tree.split("\n")
    more = len(lines) - MAX_LINES
    return (
        tree
        if show_all or more <= 0
        else "\n".join([*lines[:MAX_LINES], f"... and {more:,} more lines; {every} prints them"])
    )


def align_column(cells: Sequence[str]) -> list[str]:
    """The cells of one column, padded to its width. The first is the header."""
    width = max(map(len, cells))
    right = all(map(is_number, cells[1:]))
    return [cell.rjust(width) if right else cell.ljust(width) for cell in cells]


def format_scores(scores: Mapping[str, Mapping[str, Any]]) -> str:
    """A table of the scalar scores with one row for each set."""
    return format_table(build_score_rows(scores))


# Larger tables are shown in part.
MAX_CLASSES, MAX_WIDTH = 30, 120

# Number of confusions to list when the matrix is too large.
MAX_CONFUSIONS = 10

ScoreTable = Mapping[str, Mapping[str, float]]


def format_class_tables(scores: Mapping[str, Any], hint: str = "--json prints all") -> Iterator[str]:
    """The tables among the scores, each below its name; ``hint``: the source of a complete table."""
    for name, value in scores.items():
        if isinstance(value, Mapping):
            yield (
                format_confusion_matrix(name, value, hint)
                if list(value) == list(get_first_row(value))
                else format_score_table(name, value, hint)
            )


def get_first_row(table: ScoreTable) -> Mapping[str, float]:
    """The first row of a table."""
    return next(iter(table.values()), {})


def format_score_table(name: str, table: ScoreTable, hint: str) -> str:
    """A table of scores, or its first rows."""
    lines = [
        [format_label(row), *map(format_number, values.values())] for row, values in list(table.items())[:MAX_CLASSES]
    ]
    rest = len(table) - len(lines)
    return format_table([[name, *map(format_label, get_first_row(table))], *lines]) + (
        f"\n... and {rest} more: {hint}" if rest else ""
    )


def format_confusion_matrix(name: str, table: ScoreTable, hint: str) -> str:
    """A confusion matrix; if it is too large, its largest entries off the diagonal."""
    text = f"{name}: rows are true classes, columns are predictions\n{format_score_table('', table, hint)}"
    if len(table) <= MAX_CLASSES and max(map(len, text.splitlines())) <= MAX_WIDTH:
        return text
    pairs = [
        (true, predicted, count)
        for true, row in table.items()
        for predicted, count in row.items()
        if true != predicted and count
    ]
    largest = sorted(pairs, key=lambda pair: -pair[2])[:MAX_CONFUSIONS]
    lines = [
        ["true", "predicted", "rows"],
        *([format_label(true), format_label(predicted), format_number(count)] for true, predicted, count in largest),
    ]
    return f"{name}: the largest of {len(pairs):,} confusions; {hint}\n{format_table(lines)}"
