"""Tables from files: kinds, missing values, dialects."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import numpy as np
import pytest

from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.raw_column import RawColumn
from tests.data.conftest import asked


def values(path: Path, *, only=(), **options) -> dict[str, list]:
    table = read_table(path, asked(**options), only=only)
    return {name: column.values.tolist() for name, column in table.columns.items()}


def kinds(path: Path, **options) -> dict[str, str]:
    return {name: column.kind for name, column in read_table(path, asked(**options)).columns.items()}


def test_the_kind_of_a_column_is_inferred_from_all_of_its_values(write):
    path = write(
        "t.csv",
        "n,b,d,clock,t,mixed\n1,true,2024-01-02,10:30,x,1\n-2.5e3,FALSE,2024-02-03T04:05:06,23:59:59,y,1\n"
        "0,true,2024-01-02,00:00,z,b\n4,true,2024-01-02,00:00,z,c\n",
    )
    assert kinds(path) == {"n": "number", "b": "boolean", "d": "time", "clock": "time", "t": "text", "mixed": "text"}
    assert values(path)["n"] == [1.0, -2500.0, 0.0, 4.0]
    assert values(path)["b"] == [1.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("word", ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?", " ? ", '""'])
def test_a_word_for_nothing_is_a_missing_value(write, word):
    table = read_table(write("t.csv", f"n,t,d\n1,x,2024-01-01\n{word},{word},{word}\n"))
    assert [column.kind for column in table.columns.values()] == ["number", "text", "time"]
    assert all(column.missing.tolist() == [False, True] for column in table.columns.values())


def test_none_is_a_category(write):
    assert values(write("t.csv", "alley,x\nNone,1\nPave,2\n"))["alley"] == ["None", "Pave"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_inferred_from_the_header(write, delimiter):
    path = write("t.csv", "a,b,c\n1,x y,2\n3,z,4\n".replace(",", delimiter))
    assert values(path) == {"a": [1, 3], "b": ["x y", "z"], "c": [2, 4]}


def test_any_other_delimiter_is_given(write):
    assert values(write("t.txt", "a~b\n1~2\n"), delimiter="~") == {"a": [1], "b": [2]}
    assert values(write("t.txt", "a,x\tb\n1\t2\n"), delimiter=r"\t") == {"a,x": [1], "b": [2]}


def test_a_number_has_a_comma_where_the_delimiter_is_a_semicolon(write):
    assert values(write("t.csv", "a;b\n1,5;x\n-2,25;y\n"))["a"] == [1.5, -2.25]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfa,b\n1,x\n2,y\n",
        b"a,b\r\n1,x\r\n2,y\r\n",
        b"a,b\n1,x\n2,y",
        b"a,b\n1,x\n\n2,y\n\n",
        b'"a", b\n 1 ,"x"\n2, y\n',
        gzip.compress(b"a,b\n1,x\n2,y\n"),
    ],
    ids=["byte order mark", "windows", "no last line end", "blank lines", "blanks and quotes", "gzip"],
)
def test_a_file_is_read_as_it_was_meant(write, content):
    assert values(write("t.csv", content)) == {"a": [1, 2], "b": ["x", "y"]}


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_ends(write):
    assert values(write("t.csv", 'a,b\n1,"x, ""y""\nz"\n2,w\n'))["b"] == ['x, "y"\nz', "w"]


def test_names_that_differ_in_case_are_two_columns(write):
    assert values(write("t.csv", "a,A\n1,2\n")) == {"a": [1], "A": [2]}


def test_a_path_is_no_pattern(write):
    write("data1.csv", "a\n1\n")
    assert values(write("data[1]*?.csv", "a\n2\n")) == {"a": [2]}


def test_rows_come_in_the_order_of_the_file(write):
    rows = 200_000
    path = write("t.csv", "i,t\n" + "".join(f"{i},text{i % 7}\n" for i in range(rows)))
    column = read_table(path).columns["i"]
    np.testing.assert_array_equal(column.values, np.arange(rows))


def test_parquet_keeps_its_types(tmp_path):
    path = tmp_path / "t.parquet"
    duckdb.sql(
        "SELECT * FROM (VALUES (1, 1.5::DECIMAL(4,2), true, 'x', DATE '2024-01-02'), (NULL, 2, NULL, NULL, NULL)) "
        "v(i, d, b, t, w)"
    ).write_parquet(str(path))
    assert kinds(path) == {"i": "number", "d": "number", "b": "boolean", "t": "text", "w": "time"}
    np.testing.assert_equal(values(path)["i"], [1.0, np.nan])
    assert kinds(path, kinds={"i": "text"})["i"] == "text"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.json", '[{"a": 1, "b": "x"}, {"a": null, "b": "NA"}]'),
        ("t.jsonl", '{"a": 1, "b": "x"}\n{"a": null}\n'),
        ("t.ndjson", '{"a": "1", "b": "x"}\n{"a": "?", "b": ""}\n'),
    ],
)
def test_json_is_a_table_of_its_records(write, name, content):
    np.testing.assert_equal(values(write(name, content)), {"a": [1.0, np.nan], "b": ["x", None]})


def test_a_json_column_of_numbers_and_strings_is_text(write):
    assert values(write("t.jsonl", '{"a": 1}\n{"a": "x"}\n')) == {"a": ["1", "x"]}


def test_known_kinds_are_not_reported_anew(write):
    path = write("t.csv", "zip,flag,n\n01234,1,5\n10115,0,6\n")
    table = read_table(path, asked({"zip": "text", "flag": "boolean"}))
    assert table.columns["zip"].values.tolist() == ["01234", "10115"]
    assert table.columns["flag"].kind == "boolean"
    assert table.columns["n"].kind == "number"


def test_columns_that_are_not_asked_for_are_not_looked_at(write):
    path = write("t.jsonl", '{"a": 1, "tags": [1, 2]}\n{"a": 2, "tags": []}\n')
    assert values(path, only=["a", "not there"]) == {"a": [1, 2]}


def test_a_raw_column_has_names_for_its_values():
    assert to_text(RawColumn("c", "number", np.array([1.0, 2.5, np.nan]))).values.tolist() == ["1", "2.5", None]
    assert to_text(RawColumn("c", "boolean", np.array([1.0, 0.0, np.nan]))).values.tolist() == ["true", "false", None]
    times = np.array(["2024-01-02", "NaT"], "M8[us]")
    assert to_text(RawColumn("c", "time", times)).values.tolist() == ["2024-01-02T00:00:00.000000", None]


def test_a_table_may_be_wider_than_one_query(write):
    names = [f"p{i}" for i in range(300)]
    table = values(write("t.csv", ",".join(names) + "\n" + ",".join(map(str, range(300))) + "\n"))
    assert list(table) == names
    assert [column[0] for column in table.values()] == list(range(300))
