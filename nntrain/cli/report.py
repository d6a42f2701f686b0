"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["columns", "scores_table"]


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text with their columns aligned, numbers to the right."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_number(cell) else cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def is_number(text: str) -> bool:
    """Whether a cell stands at the right of its column."""
    return text.replace(",", "").replace(".", "").replace("-", "").replace("e", "").replace("+", "").isdigit()


def scores_table(scores: Mapping[str, Mapping[str, float]]) -> str:
    """Scores by part of the data, a row each."""
    names = list(next(iter(scores.values())))
    return columns(
        [["", *names], *([part, *(f"{values[name]:.4f}" for name in names)] for part, values in scores.items())]
    )
