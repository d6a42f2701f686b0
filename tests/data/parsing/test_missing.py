"""Texts that mean a missing value, in columns of numbers and times at any frequency."""

from __future__ import annotations

import duckdb
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.readers.table_reader import read_table
from tests.data.conftest import asked

MARKERS = [".", "-", "None", "NULL", "<NA>", "#N/A", "#DIV/0!", "?", "unknown", "Unknown", "NaN", "n/a", "--", "nan"]


def rows(*cells: str) -> str:
    return "x,y\n" + "".join(f"{cell},a\n" for cell in cells)


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("often", [1, 60])
def test_a_marker_among_numbers_is_missing_with_a_note_and_a_count(write, marker, often):
    found = read_table(write("t.csv", rows(*map(str, range(1, 41)), *[marker] * often)))
    column = found.columns["x"]
    assert column.kind == "number"
    assert column.missing.tolist() == [False] * 40 + [True] * often
    assert any(f"{marker!r} ({often})" in note and "data.columns.x.missing=[]" in note for note in found.notes)


@pytest.mark.parametrize("marker", ["-", "unknown", "NA"])
def test_a_marker_among_times_is_missing(write, marker):
    column = read_table(write("t.csv", rows("2021-04-26", marker, "2021-04-27"))).columns["x"]
    assert column.kind == "time"
    assert column.missing.tolist() == [False, True, False]


@pytest.mark.parametrize("word", ["inf", "-inf", "Infinity"])
def test_infinite_numbers_have_a_note_of_their_own(write, word):
    found = read_table(write("t.csv", rows("1", "2", word, word)))
    assert found.columns["x"].missing.tolist() == [False, False, True, True]
    assert found.notes == ("column 'x': 2 infinite values are read as missing",)


def test_markers_among_words_are_categories(write):
    cells = ["red", "unknown", "-", "None", "blue"]
    assert read_table(write("t.csv", rows(*cells))).columns["x"].values.tolist() == cells


def test_a_declared_list_is_in_place_of_the_usual_words(write):
    path = write("t.csv", rows("red", "NA", "gone"))
    assert read_table(path, asked(missing=("gone",))).columns["x"].values.tolist() == ["red", "NA", None]
    assert read_table(path, asked(missing=())).columns["x"].values.tolist() == ["red", "NA", "gone"]
    one = ReadOptions(formats={"x": ColumnFormat(missing=())})
    assert read_table(path, one).columns["x"].values.tolist() == ["red", "NA", "gone"]


def test_a_declared_number_is_missing_however_it_is_written(write):
    path = write("t.csv", rows("1.5", "-999", "-999.0", "2"))
    found = read_table(path, ReadOptions(formats={"x": ColumnFormat(missing=("-999",))})).columns["x"]
    assert found.missing.tolist() == [False, True, True, False]


def test_in_parquet_only_null_is_missing(tmp_path):
    path = tmp_path / "t.parquet"
    duckdb.sql("SELECT * FROM (VALUES ('NA', 1), ('', 2), (NULL, 3)) v(x, y)").write_parquet(str(path))
    assert read_table(path).columns["x"].values.tolist() == ["NA", "", None]


@pytest.mark.parametrize("sentinel", ["-999", "-9999", "99999"])
def test_a_suspicious_sentinel_is_reported_with_the_key_that_declares_it(write, sentinel):
    values = [sentinel if row % 10 == 0 else str(row % 37) for row in range(200)]
    content = "x,y\n" + "".join(f"{value},{'ab'[row % 2]}\n" for row, value in enumerate(values))
    options = DataOptions(str(write("t.csv", content)), target="y", validation=0, test=0)
    notes = [note for note in load_data(options, seed=1).notes if "far outside" in note]
    assert len(notes) == 1
    assert f"{sentinel} occurs 20 times" in notes[0]
    assert f"""--set 'data.columns.x.missing=["{sentinel}"]'""" in notes[0]


def test_a_number_that_is_only_the_largest_is_not_reported(write):
    content = "x,y\n" + "".join(f"{row % 1000},{'ab'[row % 2]}\n" for row in range(4000))
    options = DataOptions(str(write("t.csv", content)), target="y", validation=0, test=0)
    assert not any("far outside" in note for note in load_data(options, seed=1).notes)


def test_two_values_of_which_each_is_half_of_the_rows_are_not_reported(write):
    content = "x,z,y\n" + "".join(f"{(-1) ** row},{row % 7},{'ab'[row % 2]}\n" for row in range(200))
    options = DataOptions(str(write("t.csv", content)), target="y", validation=0, test=0)
    assert not any("far outside" in note for note in load_data(options, seed=1).notes)


def test_several_sentinels_in_one_column_are_reported_together(write):
    values = ["-999" if row % 10 == 0 else "9999" if row % 10 == 5 else str(row % 37) for row in range(200)]
    content = "x,y\n" + "".join(f"{value},{'ab'[row % 2]}\n" for row, value in enumerate(values))
    options = DataOptions(str(write("t.csv", content)), target="y", validation=0, test=0)
    (note,) = [note for note in load_data(options, seed=1).notes if "far outside" in note]
    assert "-999 occurs 20 times, 9999 occurs 20 times" in note
    assert """data.columns.x.missing=["-999", "9999"]""" in note
