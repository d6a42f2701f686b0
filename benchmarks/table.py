"""Rows as a Markdown table, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.comparison import Case, Comparison, Goal, Row
from benchmarks.pairing import Ratio

__all__ = ["from_json", "line", "markdown", "to_json"]


def markdown(comparison: Comparison, rows: Sequence[Row]) -> str:
    """A table with two columns for each other side: its figure, and its ratio to the base."""
    sides = sides_of(comparison, rows)
    head = ["case", f"{comparison.base}, {comparison.unit}"]
    for side in sides:
        head += [f"{side}, {comparison.unit}", f"{side} / {comparison.base}"]
    body = [[named(row.case), *cells(row, comparison.base, sides)] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def sides_of(comparison: Comparison, rows: Sequence[Row]) -> list[str]:
    """All sides but the base, in the order in which they come up."""
    return [side for side in dict.fromkeys(side for row in rows for side in row.medians) if side != comparison.base]


def named(case: Case) -> str:
    """The case as the table has it."""
    return case.name if case.threads is None else f"{case.name}; {case.threads} thread{'s' * (case.threads > 1)}"


def cells(row: Row, base: str, sides: Sequence[str]) -> list[str]:
    """The figures of one row."""
    found = [figure(row.medians[base])] if base in row.medians else [""]
    for side in sides:
        found.append(figure(row.medians[side]) if side in row.medians else "")
        found.append(judged(row.ratios[side], row.goals.get(side)) if side in row.ratios else "")
    return found


def figure(value: float) -> str:
    """Three digits that count."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def judged(ratio: Ratio, goal: Goal | None) -> str:
    """The ratio, how far its rounds lie apart, and what was wanted where that was missed."""
    told = f"{ratio.median:.2f} ({ratio.least:.2f} to {ratio.most:.2f})"
    if goal is None:
        return told
    bound = f"at {'most' if goal.at_most else 'least'} {goal.bound:g}"
    return f"{told}, {bound}" if goal.met(ratio) else f"**{told}, missed: {bound}**"


def line(comparison: Comparison, row: Row) -> str:
    """One row for the terminal."""
    told = [f"{side} {figure(value)} {comparison.unit}" for side, value in row.medians.items()]
    told += [f"{side}/{comparison.base} {judged(ratio, row.goals.get(side))}" for side, ratio in row.ratios.items()]
    return f"{named(row.case)}: {', '.join(told)}"


def to_json(row: Row) -> dict[str, Any]:
    """A row as JSON values."""
    return asdict(row)


def from_json(told: dict[str, Any]) -> Row:
    """The row that ``to_json`` told."""
    return Row(
        Case(**told["case"]),
        told["medians"],
        {side: Ratio(**ratio) for side, ratio in told["ratios"].items()},
        {side: Goal(**goal) for side, goal in told["goals"].items()},
    )
