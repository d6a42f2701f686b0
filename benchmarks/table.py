"""Format rows as a Markdown table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.comparison import OURS, Case, Comparison, Goal, Row
from benchmarks.pairing import Ratio
from nntrain.training.traffic.traffic import Traffic

__all__ = ["figure", "from_json", "grid", "line", "markdown", "to_json"]


def markdown(comparison: Comparison, rows: Sequence[Row]) -> str:
    """Format a table with two columns per other system: its result and the ratio to the base.

    The last two columns are the bytes of a step, if they were counted.
    """
    sides = sides_of(comparison, rows)
    head = ["case", f"{comparison.base}, {comparison.unit}"]
    for side in sides:
        head += [f"{side}, {comparison.unit}", f"{side} / {comparison.base}"]
    body = [[named(row.case), *cells(row, comparison.base, sides)] for row in rows]
    if any(row.traffic for row in rows):
        head += [f"{OURS}, MB per step", "MB / minimum"]
        body = [[*line, *traffic_cells(row)] for line, row in zip(body, rows, strict=True)]
    return grid(head, body)


def traffic_cells(row: Row) -> list[str]:
    """Format the megabytes of a step, and their ratio to the minimum."""
    traffic = row.step_traffic
    return ["", ""] if traffic.ratio is None else [figure(traffic.moved / 1e6), f"{traffic.ratio:.2f}"]


def grid(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Format a Markdown table."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def sides_of(comparison: Comparison, rows: Sequence[Row]) -> list[str]:
    """Return all systems but the base, in order of appearance."""
    return [side for side in dict.fromkeys(side for row in rows for side in row.medians) if side != comparison.base]


def named(case: Case) -> str:
    """Format a case for the table."""
    return case.name if case.threads is None else f"{case.name}; {case.threads} thread{'s' * (case.threads > 1)}"


def cells(row: Row, base: str, sides: Sequence[str]) -> list[str]:
    """Format the results of one row."""
    found = [figure(row.medians[base])] if base in row.medians else [""]
    for side in sides:
        found.append(figure(row.medians[side]) if side in row.medians else "")
        found.append(judged(row.ratios[side], row.goals.get(side)) if side in row.ratios else "")
    return found


def figure(value: float) -> str:
    """Format a number with three significant digits."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def judged(ratio: Ratio, goal: Goal | None) -> str:
    """Format a ratio with its range, and the goal if it is missed."""
    text = f"{ratio.median:.2f} ({ratio.least:.2f} to {ratio.most:.2f})"
    if goal is None:
        return text
    bound = f"at {'most' if goal.at_most else 'least'} {goal.bound:g}"
    return f"{text}, {bound}" if goal.is_met(ratio) else f"**{text}, missed: {bound}**"


def line(comparison: Comparison, row: Row) -> str:
    """Format one row for the terminal."""
    parts = [f"{side} {figure(value)} {comparison.unit}" for side, value in row.medians.items()]
    parts += [f"{side}/{comparison.base} {judged(ratio, row.goals.get(side))}" for side, ratio in row.ratios.items()]
    if row.traffic:
        moved, ratio = traffic_cells(row)
        parts.append(f"{moved} MB per step, {ratio} times the minimum")
    return f"{named(row.case)}: {', '.join(parts)}"


def to_json(row: Row) -> dict[str, Any]:
    """Convert a row to JSON values."""
    return asdict(row)


def from_json(values: dict[str, Any]) -> Row:
    """Build the row of ``to_json``."""
    return Row(
        Case(**values["case"]),
        values["medians"],
        {side: Ratio(**ratio) for side, ratio in values["ratios"].items()},
        {side: Goal(**goal) for side, goal in values["goals"].items()},
        {name: Traffic(**found) for name, found in values["traffic"].items()},
    )
