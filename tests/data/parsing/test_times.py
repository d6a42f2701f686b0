"""Dates and times: a column is one only if all of its values match one format to their end."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.options.file_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.time_format import TimeFormat
from nntrain.data.readers.table_reader import read_table
from tests.data.conftest import refusal

# Cells of a column, and the instants in UTC that a person reads.
COLUMNS = {
    "ISO dates": (["2021-04-26", "2020-02-29"], ["2021-04-26", "2020-02-29"]),
    "ISO, some with a time": (["2021-04-26", "2021-04-26T07:55"], ["2021-04-26", "2021-04-26T07:55"]),
    "fractions": (
        ["2021-04-26 07:55:01.5", "2021-04-26 07:55:01.123456789"],
        ["2021-04-26T07:55:01.5", "2021-04-26T07:55:01.123456"],
    ),
    "offsets": (
        ["2021-04-26T07:55+02:00", "2021-04-26T07:55-0330", "2021-04-26T07:55Z", "2021-04-26 07:55:00+05"],
        ["2021-04-26T05:55", "2021-04-26T11:25", "2021-04-26T07:55", "2021-04-26T02:55"],
    ),
    "AM and PM": (["2021-01-11 07:55 PM", "2021-01-11 12:05 am"], ["2021-01-11T19:55", "2021-01-11T00:05"]),
    "noon": (["2021-01-11 12:05 pm", "2021-01-11 01:05 pm"], ["2021-01-11T12:05", "2021-01-11T13:05"]),
    "day first": (["26/04/2021", "03/04/2021"], ["2021-04-26", "2021-04-03"]),
    "month first": (["04/26/2021", "04/03/2021"], ["2021-04-26", "2021-04-03"]),
    "points": (["26.04.2021", "3.4.2021"], ["2021-04-26", "2021-04-03"]),
    "hyphens": (["26-04-2021", "03-04-2021"], ["2021-04-26", "2021-04-03"]),
    "year first": (["2021/04/26", "2021/4/3"], ["2021-04-26", "2021-04-03"]),
    "months by name": (["26 Apr 2021", "3 may 2021"], ["2021-04-26", "2021-05-03"]),
    "long months": (["April 26, 2021", "May 3, 2021"], ["2021-04-26", "2021-05-03"]),
    "short years": (["26/04/21", "03/04/99"], ["2021-04-26", "1999-04-03"]),
    "short years, month first": (["4/26/21", "5/1/68"], ["2021-04-26", "2068-05-01"]),
    "with a time of day": (["26/04/2021 7:05", "03/04/2021 17:05"], ["2021-04-26T07:05", "2021-04-03T17:05"]),
    "times of day": (["10:30", "23:59:59", "00:00"], ["1970-01-01T10:30", "1970-01-01T23:59:59", "1970-01-01"]),
    "times of day with PM": (["7:55pm", "8:00 AM"], ["1970-01-01T19:55", "1970-01-01T08:00"]),
}


def column(write, cells, options=None):
    return read_table(write("t.csv", "x;y\n" + "".join(f'"{cell}";a\n' for cell in cells)), options).columns["x"]


@pytest.mark.parametrize(("cells", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_a_column_of_times_is_read_as_people_read_it(write, cells, expected):
    found = column(write, cells)
    assert found.kind == "time"
    assert found.values.tolist() == np.array(expected, "M8[us]").tolist()


@pytest.mark.parametrize(
    "cells",
    [
        ["12:00 lunch", "12:30 dinner"],
        ["3:2", "1:1"],
        ["1-2-3", "4-4-2"],
        ["1.2.10", "1.2.11"],
        ["2021-04-26", "26/04/2021", "2020-01-01"],
        ["26 Apr 2021 or later", "27 Apr 2021 or later"],
        ["120/80", "130/90"],
        ["2021-W16", "2021-W17"],
        ["10:30", "24:30", "12:00"],
        ["2021-02-30", "2021-02-31"],
    ],
)
def test_what_only_looks_like_a_time_is_text_as_it_is_written(write, cells):
    found = column(write, cells)
    assert found.kind == "text"
    assert found.values.tolist() == cells


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["05/04/2021", "03/04/2021"], ["%d/%m/%Y", "%m/%d/%Y"]),
        (["05.04.2021", "03.04.2021"], ["%d.%m.%Y", "%m.%d.%Y"]),
        (["05/04/21", "03/04/21"], ["%d/%m/%y", "%m/%d/%y"]),
        (["26-04-21", "27-04-21"], ["%y-%m-%d", "%d-%m-%y"]),
    ],
)
def test_an_order_that_cannot_be_decided_is_refused_with_the_key_that_decides(write, cells, formats):
    text = refusal(column, write, cells)
    for form in formats:
        assert f"--set 'data.columns.x.format=\"{form}\"'" in text


def test_times_with_and_without_an_offset_are_refused(write):
    text = refusal(column, write, ["2021-04-26T07:55+02:00", "2021-04-26T07:55"])
    assert "expected an offset from UTC in every time or in none" in text


def test_a_format_decides(write):
    def said(form):
        return ReadOptions(formats={"x": ColumnFormat("time", time=form)})

    cells = ["05/04/2021", "03/04/2021"]
    assert column(write, cells, said("%d/%m/%Y")).values[0] == np.datetime64("2021-04-05", "us")
    assert column(write, cells, said("%m/%d/%Y")).values[0] == np.datetime64("2021-05-04", "us")
    assert column(write, ["20210426", "20210503"], said("%Y%m%d")).values[0] == np.datetime64("2021-04-26", "us")
    text = refusal(column, write, ["05/04/2021", "05/04/2021 12:00"], said("%d/%m/%Y"))
    assert "row 2 (line 3), column 'x': expected a time in the format %d/%m/%Y, got '05/04/2021 12:00'" in text


def test_one_value_that_is_not_a_time_is_refused_with_its_row(write):
    text = refusal(column, write, ["2021-04-26", "2021-04-27", "soon", "2021-04-28"])
    assert "row 3 (line 4), column 'x': expected a date or a time in the format ISO8601, as in the other rows" in text


def test_new_rows_are_read_in_the_format_of_training_or_not_at_all(write):
    trained = ColumnFormat("time", time="%d/%m/%Y")
    options = ReadOptions(formats={"x": trained.without_separators()}, trained={"x": trained})
    assert column(write, ["05/04/2021"], options).values[0] == np.datetime64("2021-04-05", "us")
    text = refusal(column, write, ["05/04/2021", "03/25/2021"], options)
    assert "row 2 (line 3), column 'x': expected a time in the format %d/%m/%Y, got '03/25/2021'" in text


@pytest.mark.parametrize("text", ["%Q", "abc", "%Y-%Y"])
def test_a_format_has_known_directives(text):
    with pytest.raises(ValueError, match="expected"):
        _ = TimeFormat(text).pattern
