"""The short form of ``python -m tests.fuzz columns``, and that it finds what it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest

from nntrain.data.tables.raw_column import RawColumn
from tests.fuzz.column import Column
from tests.fuzz.column_check import check_columns, compared
from tests.fuzz.column_labels import BOOLEANS, LABELS
from tests.fuzz.column_numbers import NUMBERS, cell
from tests.fuzz.column_times import TIMES, instant, knowable, times
from tests.fuzz.columns import ColumnFile


@pytest.mark.parametrize("seed", [1, 2])
def test_a_column_is_read_as_what_it_is_or_refused(seed: int) -> None:
    found = check_columns(seed, 150)
    assert not found.faults, "\n".join(map(str, found.faults))
    assert found.columns >= 150
    # A reader that refuses everything would make no mistake either.
    assert found.counts["number", "values"] > found.counts["number", "refused"]
    assert found.counts["time", "values"] > found.counts["time", "refused"]
    assert found.counts["text", "text"] > found.counts["text", "refused"]


def test_there_are_more_than_40_formats() -> None:
    assert len(NUMBERS) + len(TIMES) > 40
    assert len(LABELS) + len(BOOLEANS) > 40


def test_a_file_follows_from_its_number() -> None:
    assert ColumnFile.of(1, 5) == ColumnFile.of(1, 5)
    assert ColumnFile.of(1, 5) != ColumnFile.of(1, 6)
    assert ColumnFile.of(1, 5) != ColumnFile.of(2, 5)


@pytest.mark.parametrize(
    ("name", "digits", "text"),
    [
        ("grouped by points", "1234567.5", "-1.234.567,5"),
        ("grouped the Indian way", "1234567.8", "-12,34,567.8"),
        ("grouped by spaces", "999.25", "-999.25"),
        ("dollars in parentheses", "5.5", "($5.5)"),
        ("dollars, sign inside", "1000.00", "$-1,000.00"),
        ("euros behind", "1000.00", "-1.000,00 €"),
        ("formulas", "8", '="-8"'),
        ("with a minus sign", "8", "\N{MINUS SIGN}8"),
        ("minus at the end", "8", "8-"),
    ],
)
def test_a_number_is_written_as_by_hand(name: str, digits: str, text: str) -> None:
    assert cell(replace(NUMBERS[name], signs=("-",)), Random(0), digits) == (text, -float(digits))


def test_a_time_is_the_instant_in_utc() -> None:
    for text, value in times(TIMES["ISO with offsets"], Random(2), 50):
        assert value == instant(datetime.fromisoformat(text).astimezone(UTC))
    for text, value in times(TIMES["M/D/Y with AM and PM"], Random(2), 50):
        assert value == np.datetime64(datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p"), "us")


def test_what_decides_the_order_of_days_and_months() -> None:
    style = TIMES["D/M/Y"]
    assert knowable(style, [("13/02/2021", None), ("01/02/2021", None)])
    assert not knowable(style, [("12/02/2021", None), ("01/02/2021", None)])
    assert not knowable(style, [("13/02/2021", None), ("01/13/2021", None)])
    assert not knowable(TIMES["D-M-y"], [("13-02-21", None)])
    assert knowable(TIMES["D-M-y"], [("13-02-99", None)])


COLUMN = Column("style", "number", ["1,5", "NA"], [1.5, None])
NAN = float("nan")


@pytest.mark.parametrize(
    ("read", "column", "why"),
    [
        (RawColumn("x", "number", np.array([1.5, NAN])), COLUMN, None),
        (RawColumn("x", "text", np.array(["1,5", None], object)), COLUMN, None),
        (RawColumn("x", "number", np.array([15.0, NAN])), COLUMN, "another value"),
        (RawColumn("x", "number", np.array([1.5, 0.0])), COLUMN, "another value"),
        (RawColumn("x", "number", np.array([NAN, NAN])), COLUMN, "another value"),
        (RawColumn("x", "number", np.array([1.5])), COLUMN, "another number of rows"),
        (RawColumn("x", "text", np.array(["1.5", None], object)), COLUMN, "another label"),
        (RawColumn("x", "text", np.array([None, None], object)), COLUMN, "another label"),
        (RawColumn("x", "number", np.array([1.5, NAN])), replace(COLUMN, kind="text"), "read as number"),
        (RawColumn("x", "number", np.array([1.5, NAN])), replace(COLUMN, knowable=False), "cannot be known"),
    ],
)
def test_a_misreading_is_found(read: RawColumn, column: Column, why: str | None) -> None:
    reasons = [finding.why for finding in compared(column, read, 1)]
    assert reasons == [] if why is None else why in reasons[0]
