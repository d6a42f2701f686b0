"""Scores that are tables, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nntrain.cli.report import columns, figure
from nntrain.data.targets.class_target import format_label

__all__ = ["class_tables"]

# Of a table with more rows, or wider, only a part is shown.
MOST_ROWS, WIDTH = 30, 120

# So many of the confusions are listed, where the matrix is too large.
CONFUSIONS = 10

Table = Mapping[str, Mapping[str, float]]


def class_tables(scores: Mapping[str, Any], rest: str = "--json tells all") -> Iterator[str]:
    """The tables among scores, a name above each; ``rest``: where all of a long one is."""
    for name, value in scores.items():
        if isinstance(value, Mapping):
            yield confusions(name, value, rest) if list(value) == list(first(value)) else whole(name, value, rest)


def first(table: Table) -> Mapping[str, float]:
    """The first row of a table."""
    return next(iter(table.values()), {})


def whole(name: str, table: Table, where: str) -> str:
    """A table of scores, or its first rows."""
    lines = [[format_label(row), *map(figure, values.values())] for row, values in list(table.items())[:MOST_ROWS]]
    rest = len(table) - len(lines)
    return columns([[name, *map(format_label, first(table))], *lines]) + (
        f"\n... and {rest} more: {where}" if rest else ""
    )


def confusions(name: str, table: Table, where: str) -> str:
    """A confusion matrix, if it is small enough; else its largest entries beside the diagonal."""
    text = f"{name}: a row for each true class, a column for each prediction\n{whole('', table, where)}"
    if len(table) <= MOST_ROWS and max(map(len, text.splitlines())) <= WIDTH:
        return text
    pairs = [
        (true, said, count) for true, row in table.items() for said, count in row.items() if true != said and count
    ]
    largest = sorted(pairs, key=lambda pair: -pair[2])[:CONFUSIONS]
    lines = [
        ["true", "predicted", "rows"],
        *([format_label(true), format_label(said), figure(count)] for true, said, count in largest),
    ]
    return f"{name}: the largest of {len(pairs):,} confusions; {where}\n{columns(lines)}"
