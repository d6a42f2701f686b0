"""Numbers as people write them: the separators follow from the whole column, and from the file."""

from __future__ import annotations

import math

import pytest

from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_format import NumberFormat, split_number
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.data_table import DataTable
from nntrain.errors import DataError
from tests.data.conftest import asked, refusal

# Cells of a column, and the numbers that a person reads.
COLUMNS = {
    "plain": (["1", "-2.5", "+3e2", ".5", "6.", "1E-3"], [1, -2.5, 300, 0.5, 6, 0.001]),
    "thousands": (["1,182", "24.5", "12,345,678"], [1182, 24.5, 12345678]),
    "thousands and fraction": (["1,200.50", "900.25"], [1200.5, 900.25]),
    "decimal comma": (["3,14", "-2,7", "1000"], [3.14, -2.7, 1000]),
    "German": (["1.200,50", "5,2", "1.743"], [1200.5, 5.2, 1743]),
    "French": (["1 200,5", "12\u202f345,25", "7\u00a0000,1"], [1200.5, 12345.25, 7000.1]),
    "Swiss": (["1'200.5", "12\u2019345"], [1200.5, 12345]),
    "Indian": (["12,34,567.5", "1,00,000"], [1234567.5, 100000]),
    "a leading zero is not a group": (["0,182", "0,5"], [0.182, 0.5]),
    "percent": (["24.3%", "5%", "-1.5 %"], [24.3, 5, -1.5]),
    "dollars": (["$1,200.50", "-$5", "$7"], [1200.5, -5, 7]),
    "euros after": (["1.200,50 €", "5,25 €"], [1200.5, 5.25]),
    "codes of currencies": (["USD 5", "USD 1,200.5"], [5, 1200.5]),
    "kilograms": (["35 kg", "36.5 kg"], [35, 36.5]),
    "a unit without a space": (["35kg", "36.5kg"], [35, 36.5]),
    "a word": (["12 apples", "3 apples"], [12, 3]),
    "minus signs": (["\u22128", "5", "-3"], [-8, 5, -3]),
    "apostrophes of spreadsheets": (["'-8", "'5"], [-8, 5]),
    "formulas of spreadsheets": (['="-8"', '="5.5"'], [-8, 5.5]),
    "accounts": (["(5)", "7", "(1,200.5)"], [-5, 7, -1200.5]),
}


def table(write, cells: list[str], delimiter: str = ";", more: dict[str, list[str]] | None = None, **file) -> DataTable:
    columns = {"x": cells, **(more or {}), "n": ["a"] * len(cells)}
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in zip(*columns.values(), strict=True)]
    lines = [delimiter.join(columns), *(delimiter.join(row) for row in quoted)]
    return read_table(write("t.csv", "\n".join(lines) + "\n"), asked(**file))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(("cells", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_a_column_of_numbers_is_read_as_people_read_it(write, cells, expected, delimiter):
    found = table(write, cells, delimiter)
    assert found.columns["x"].kind == "number"
    assert found.columns["x"].values.tolist() == expected


def test_what_is_not_written_as_in_python_is_noted(write):
    assert "column 'x': '24.3%' is read as the number 24.3" in table(write, ["24.3%", "5%"]).notes
    assert table(write, ["24.3", "5"]).notes == ()


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize(
    "cells", [["1.743", "622.000", "-"], ["1.743", "622.5"], ["1.743", "0.622"], ["1743.125", "622"]]
)
def test_a_point_separates_fractions_where_nothing_says_otherwise(write, delimiter, cells):
    expected = [None if cell == "-" else float(cell) for cell in cells]
    column = table(write, cells, delimiter).columns["x"]
    assert [
        None if missing else value for value, missing in zip(column.values, column.missing, strict=True)
    ] == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_another_column_decides_what_a_point_is(write, delimiter):
    found = table(write, ["1.743", "622"], delimiter, {"y": ["3,5", "1,25"]})
    assert found.columns["x"].values.tolist() == [1743, 622]
    found = table(write, ["1.743", "622"], delimiter, {"y": ["3.5", "1.25"]})
    assert found.columns["x"].values.tolist() == [1.743, 622]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_another_column_decides_what_a_comma_is(write, delimiter):
    found = table(write, ["1,182", "622"], delimiter, {"y": ["3,5", "1,25"]})
    assert found.columns["x"].values.tolist() == [1.182, 622]
    found = table(write, ["1,182", "622"], delimiter, {"y": ["3.5", "1.25"]})
    assert found.columns["x"].values.tolist() == [1182, 622]


UNDECIDED = {
    "a comma": (["1,182", "622"], ",", {}),
    "a comma, and a file of both": (["1,182", "622"], ",", {"y": ["3.5", "1.25"], "z": ["3,5", "1,25"]}),
    "a point, and a file of both": (["1.743", "622"], ",", {"y": ["3.5", "1.25"], "z": ["3,5", "1,25"]}),
    "a point in some": (["1.743", "622"], ",", {}),
    "a point among semicolons": (["1.743", "622.125"], ";", {}),
    "a comma among semicolons": (["1,743", "622"], ";", {}),
}


@pytest.mark.parametrize(("cells", "delimiter", "more"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_cannot_be_decided_is_refused_with_the_keys_that_decide(write, cells, delimiter, more):
    text = refusal(table, write, cells, delimiter, more)
    assert "column 'x': expected numbers with one meaning" in text
    assert """--set 'data.columns.x.decimal="."'""" in text
    assert """--set 'data.decimal=","'""" in text


def test_keys_decide(write):
    assert table(write, ["1,182", "622"], decimal=",").columns["x"].values.tolist() == [1.182, 622]
    assert table(write, ["1,182", "622"], decimal=".").columns["x"].values.tolist() == [1182, 622]
    assert table(write, ["1.743", "622"], thousands=".").columns["x"].values.tolist() == [1743, 622]
    path = write("t.csv", 'x;y\n"1,182";"1,182"\n')
    one = ReadOptions(FileOptions(decimal="."), {"x": ColumnFormat("number", decimal=",")})
    found = read_table(path, one)
    assert (found.columns["x"].values[0], found.columns["y"].values[0]) == (1.182, 1182)


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (["1,5", "1.5", "2,5", "3,5"], "1.5"),
        (["5 kg", "6 kg", "7 kg", "8 lb"], "8 lb"),
        (["$5", "$6", "$7", "free"], "free"),
    ],
)
def test_a_number_that_is_not_as_the_others_is_refused(write, cells, wrong):
    text = refusal(table, write, cells)
    assert f"row {cells.index(wrong) + 1} (line {cells.index(wrong) + 2}), column 'x': expected a number" in text
    assert f"got {wrong!r}" in text


@pytest.mark.parametrize(
    "cells",
    [
        ["12A", "13B"],
        ["A12", "B3"],
        ["1.2.3", "1.2.4"],
        ["3rd", "4th"],
        ["1-2", "2-3"],
        ["1_000", "2_000"],
        ["\u0663", "\u0664"],
        ["0x10", "0x11"],
        ["555-1234", "555-9999"],
    ],
)
def test_what_only_looks_like_a_number_is_text(write, cells):
    column = table(write, cells).columns["x"]
    assert column.kind == "text"
    assert column.values.tolist() == cells


def test_numbers_in_several_units_are_text_with_a_note(write):
    found = table(write, ["5 kg", "6 lb", "7 kg", "8 lb"])
    assert found.columns["x"].kind == "text"
    assert any("numbers in several units, e.g. '5 kg' and '6 lb'" in note for note in found.notes)


def test_a_number_out_of_range_is_not_missing_without_a_word(write):
    assert "expected a number in the range of float64, got '1e999'" in refusal(table, write, ["1", "2", "3", "1e999"])


@pytest.mark.parametrize(("text", "number"), [("1,5", 1.5), ("-1.234,5", -1234.5), ("5", 5.0), ("1.23,5", math.nan)])
def test_a_format_reads_its_own_numbers_only(text, number):
    found = NumberFormat(",", ".").parse(text)
    assert found == number or (math.isnan(found) and math.isnan(number))


@pytest.mark.parametrize("text", ["", "-", ".", "e5", "--1", "(-5)", "(5", "5e", "$", "kg 5"])
def test_text_is_not_a_number(text):
    assert split_number(text) is None


LABELS = {
    "leading zeros": (["007", "7", "12"], "leading zero"),
    "integers above 2**53": (["9007199254740993", "9007199254740992"], "more digits"),
}


@pytest.mark.parametrize(("cells", "reason"), LABELS.values(), ids=LABELS)
def test_digits_that_a_number_would_lose_make_a_category(write, cells, reason):
    found = table(write, cells)
    assert found.columns["x"].values.tolist() == cells
    assert any(reason in note and "data.columns.x.type" in note for note in found.notes)
    as_numbers = read_table(write("u.csv", "x,y\n" + "".join(f"{cell},a\n" for cell in cells)), asked({"x": "number"}))
    assert as_numbers.columns["x"].values.tolist() == [float(cell) for cell in cells]


def test_late_leading_zeros_are_found(write):
    cells = [str(number) for number in range(100, 400)] + ["007"]
    found = read_table(write("t.csv", "x,y\n" + "".join(f"{cell},a\n" for cell in cells)))
    assert found.columns["x"].values.tolist() == cells


def test_a_declared_unit_is_that_of_training(write):
    trained = table(write, ["24.3%", "5%"]).formats["x"]
    options = ReadOptions(formats={"x": trained.without_separators()}, trained={"x": trained})
    assert read_table(write("u.csv", "x,y\n50%,a\n"), options).columns["x"].values.tolist() == [50]
    with pytest.raises(DataError, match=r"expected a number in %, got '0\.5'"):
        read_table(write("u.csv", "x,y\n0.5,a\n"), options)


def test_training_decides_where_a_new_file_does_not(write):
    trained = table(write, ["3,5", "1,25"]).formats["x"]
    options = ReadOptions(formats={"x": trained.without_separators()}, trained={"x": trained})
    assert read_table(write("u.csv", 'x,y\n"1,182",a\n'), options).columns["x"].values.tolist() == [1.182]
    assert read_table(write("u.csv", 'x,y\n"1,182.5",a\n'), options).columns["x"].values.tolist() == [1182.5]


@pytest.mark.parametrize(("other", "expected"), [("3,5", 1743), ("3.5", 1.743)])
def test_a_column_that_is_not_read_still_decides(write, other, expected):
    path = write("t.csv", f'x;z;y\n1.743;"{other}";a\n622;"1{other}";b\n')
    assert read_table(path, only=["x", "y"]).columns["x"].values.tolist() == [expected, 622]


def test_a_new_file_that_contradicts_training_is_refused_where_a_number_has_two_meanings(write):
    trained = table(write, ["1,182.5", "24.5"]).formats["x"]
    options = ReadOptions(formats={"x": trained.without_separators()}, trained={"x": trained})
    assert read_table(write("u.csv", "x;y\n1.743;a\n622;b\n"), options).columns["x"].values.tolist() == [1.743, 622]
    text = refusal(read_table, write("u.csv", "x;z\n1.743;3,5\n622;1,25\n"), options)
    assert "column 'x': expected numbers with one meaning, got '1.743'" in text
