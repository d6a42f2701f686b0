"""Rows as a table with results, ratios and missed goals, and as JSON."""

from __future__ import annotations

import json

import pytest

from benchmarks.comparison import Case, Comparison, Goal, Row
from benchmarks.growth_plot import curves
from benchmarks.pairing import Ratio
from benchmarks.table import from_json, line, markdown, to_json

COMPARISON = Comparison("Steps", "What it is.", "ms", lambda settings: [], lambda case, settings: ROWS[0])

ROWS = [
    Row.of(Case("first", 2), {"nntrain": [1.0, 2.0, 3.0], "PyTorch": [4.0, 4.0, 9.0]}, goals={"PyTorch": Goal(3.5)}),
    Row.of(Case("second"), {"nntrain": [1000.4], "JAX jit": [2000.0]}, goals={"JAX jit": Goal(1.0)}),
]


@pytest.mark.parametrize(
    ("goal", "median", "met"),
    [(Goal(2.0), 2.0, True), (Goal(2.0), 1.9, False), (Goal(1.1, True), 1.1, True), (Goal(1.1, True), 1.2, False)],
)
def test_a_goal_is_a_least_or_a_most(goal, median, met):
    assert goal.is_met(Ratio(median, 0.0, 9.0)) is met


def test_a_table_has_two_columns_for_each_other_side():
    assert markdown(COMPARISON, ROWS).splitlines() == [
        "| case | nntrain, ms | PyTorch, ms | PyTorch / nntrain | JAX jit, ms | JAX jit / nntrain |",
        "| --- | --- | --- | --- | --- | --- |",
        "| first; 2 threads | 2 | 4 | **3.00 (2.00 to 4.00), missed: at least 3.5** |  |  |",
        "| second | 1000 |  |  | 2000 | 2.00 (2.00 to 2.00), at least 1 |",
    ]


def test_the_terminal_gets_a_row_as_a_line():
    told = "second: nntrain 1000 ms, JAX jit 2000 ms, JAX jit/nntrain 2.00 (2.00 to 2.00), at least 1"
    assert line(COMPARISON, ROWS[1]) == told


def test_a_row_comes_through_json():
    assert [from_json(json.loads(json.dumps(to_json(row)))) for row in ROWS] == ROWS


def test_the_points_of_a_plot_are_shown_by_the_names_of_the_cases():
    first = Row.of(Case("rows: 10"), {"measured": [1.0]}, "measured")
    second = Row.of(Case("rows: 1,000"), {"measured": [3.0], "in proportion": [4.0]}, "in proportion")
    (curve,) = [curves([first, second])["rows"]]
    assert curve[1] == (1000, 3.0, 4.0)
    assert curve[0][:2] == (10, 1.0)
