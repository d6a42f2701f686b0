"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nntrain.formatting import escape_line, shorten

__all__ = ["columns", "duration", "figure", "first_lines", "first_rows", "scalars", "scores_table"]

# Characters of a cell, rows of a table below its head, and lines of a network.
WIDEST, ROWS, LINES = 200, 50, 200


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text below a head, with their columns aligned, those of numbers to the right. No cell breaks its line."""
    cells = [[shorten(escape_line(cell), WIDEST) for cell in row] for row in rows]
    aligned = [aligned_column(column) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*aligned, strict=True))


def first_rows(rows: Sequence[Sequence[str]], what: str, every: bool = False) -> str:
    """A table, of which only the first rows are printed unless ``every``, and how many others there are."""
    more = len(rows) - 1 - ROWS
    if every or more <= 0:
        return columns(rows)
    return f"{columns(rows[: ROWS + 1])}\n... and {more:,} more {what}; --all prints them"


def first_lines(tree: str, every: str, whole: bool = False) -> str:
    """A network as it prints itself, of which only the first lines are printed unless ``whole``.

    ``every``: what prints all.
    """
    lines = tree.split("\n")
    more = len(lines) - LINES
    return (
        tree if whole or more <= 0 else "\n".join([*lines[:LINES], f"... and {more:,} more lines; {every} prints them"])
    )


def aligned_column(cells: Sequence[str]) -> list[str]:
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


def scores_table(scores: Mapping[str, Mapping[str, Any]]) -> str:
    """Scores by part of the data, a row each; those that are tables are left out."""
    names = {name: None for values in scores.values() for name in scalars(values)}
    return columns(
        [
            ["", *names],
            *([part, *(figure(scalars(values).get(name)) for name in names)] for part, values in scores.items()),
        ]
    )


def scalars(scores: Mapping[str, Any]) -> dict[str, Any]:
    """The scores that are one number."""
    return {name: value for name, value in scores.items() if not isinstance(value, Mapping)}


def figure(value: float | None) -> str:
    """A score, or how many rows there are, in a cell; what is not known, or no number, is a dash."""
    if value is None or value != value:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def counted(number: int, noun: str) -> str:
    """``1 epoch``, ``2 epochs``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def duration(seconds: float) -> str:
    """Seconds in units that people read."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.3g} min" if seconds < 7200 else f"{seconds / 3600:.3g} h"
