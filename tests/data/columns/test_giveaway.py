"""Columns that give the answer away are named; honest ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.table_preprocessor import TablePreprocessor
from nntrain.data.readers.table_reader import read_table
from tests.data.conftest import shared

ROWS = 400


def giveaways(write, target: str, **columns) -> list[str]:
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    return named(read_table(write("t.csv", "\n".join(lines) + "\n")), target)


def named(table, target: str) -> list[str]:
    rows = np.flatnonzero(~table.columns[target].missing)
    notes = TablePreprocessor.fit(table, rows, DataOptions(table.path, target)).notes
    return [note.split("'")[1] for note in notes if "leaks the target" in note]


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_note_says_what_it_predicts_and_how_to_leave_it_out(write):
    table = read_table(write("t.csv", "alive,survived\n" + "yes,1\nno,0\n" * 20))
    assert TablePreprocessor.fit(table, np.arange(40), DataOptions(table.path, "survived")).notes[-1] == (
        "column 'alive' leaks the target: it alone predicts 'survived' in 100.0% of the training rows; "
        "if it is not available at prediction time, exclude it with --set 'data.ignore=[\"alive\"]'"
    )


def test_a_copy_of_a_class_gives_it_away_and_a_good_predictor_does_not(write, random):
    t = random.integers(0, 2, ROWS)
    slips = t ^ (random.random(ROWS) < 0.02)
    assert giveaways(write, "t", copy=t + 5, good=slips, noise=random.normal(size=ROWS), t=t) == ["copy"]


def test_a_number_that_parts_the_classes_gives_them_away(write, random):
    x = random.normal(size=ROWS)
    assert giveaways(write, "t", x=x, t=np.where(x > 0.3, "high", "low")) == ["x"]
    y = x + random.normal(size=ROWS) * 0.3
    assert giveaways(write, "t", y=y, t=np.where(x > 0.3, "high", "low")) == []


def test_a_rare_class_is_not_given_away_by_every_column(write, random):
    t = np.zeros(5000, int)
    t[:3] = 1
    assert giveaways(write, "t", g=random.integers(0, 9, 5000), copy=t, t=np.where(t, "rare", "common")) == ["copy"]


def test_many_small_groups_know_their_rows_by_heart_and_give_nothing_away(write, random):
    group = [f"g{i // 6}" for i in range(ROWS)]
    assert giveaways(write, "t", group=group, t=[i // 6 % 2 for i in range(ROWS)]) == []


def test_a_number_in_other_units_gives_a_number_away(write, random):
    metres = random.normal(size=ROWS)
    columns = {"feet": metres / 0.3048 + 1, "near": metres + random.normal(size=ROWS) * 0.05, "metres": metres}
    assert giveaways(write, "metres", **columns) == ["feet"]


def test_groups_that_fix_a_number_give_it_away(write, random):
    level = random.integers(0, 4, ROWS)
    columns = {"level": [f"l{i}" for i in level], "x": random.normal(size=ROWS), "pay": level**2 + 0.5}
    assert giveaways(write, "pay", **columns) == ["level"]


@pytest.mark.parametrize(
    ("file", "target", "expected"),
    [
        ("titanic.csv", "survived", ["alive"]),
        ("adult-train.csv", "income", []),
        ("penguins.csv", "species", []),
        ("diamonds.csv", "price", []),
        ("diamonds.csv", "cut", []),
        ("housing.csv", "median_house_value", []),
    ],
)
def test_real_tables_give_no_false_alarm(file, target, expected):
    assert named(read_table(shared(file)), target) == expected
