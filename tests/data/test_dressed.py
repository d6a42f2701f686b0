"""Numbers with something around them are told of, and nothing else is."""

from __future__ import annotations

import pytest

from nntrain.data.data_options import DataOptions
from nntrain.data.load import load

DRESSED = {
    "thousands": [f"{number:,}" for number in range(900, 1940, 26)],
    "money": [f"${number}.50" for number in range(40)],
    "money behind": [f"{number} €" for number in range(40)],
    "percent": [f"{number}%" for number in range(40)],
    "negative": [f"-${number}" for number in range(40)],
    "german": [f"{number}.000,5" for number in range(40)],
    "some only": ["1200", *(f"{number},000" for number in range(39))],
}
OTHERS = {
    "words": ["a", "b"] * 20,
    "codes": [f"A{number}" for number in range(40)],
    "versions": [f"1.2.{number}" for number in range(40)],
    "ranges": [f"{number}-{number + 1}" for number in range(40)],
    "one that is none": [*(f"${number}" for number in range(39)), "free"],
    "numbers": [f"{number}.5" for number in range(40)],
}


def notes(write, values, **said):
    rows = "".join(f'"{value}"|{index % 2}|{index % 3}\n' for index, value in enumerate(values))
    options = DataOptions(str(write("t.csv", f"x|z|y\n{rows}")), target="y", **said)
    return [note for note in load(options, seed=1).notes if "something around them" in note]


@pytest.mark.parametrize("values", DRESSED.values(), ids=DRESSED)
def test_numbers_with_something_around_them_are_told(write, values):
    (note,) = notes(write, values)
    assert note.startswith("column 'x' is taken for text, but all of its values are numbers")


@pytest.mark.parametrize("values", OTHERS.values(), ids=OTHERS)
def test_other_columns_are_not(write, values):
    assert notes(write, values) == []


def test_nothing_is_said_of_a_column_that_is_declared(write):
    from nntrain.data.column_options import ColumnOptions

    assert notes(write, DRESSED["money"], columns={"x": ColumnOptions(type="category")}) == []
