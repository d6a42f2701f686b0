"""A table that cannot be read ends in one line: where, what, got and wanted."""

from __future__ import annotations

import gzip

import duckdb
import pytest

from nntrain.data.readers.table_reader import read_table
from tests.data.conftest import asked, refusal

NUMBERS = "".join(f"{i},x\n" for i in range(40))

BAD = {
    "one short line": ("a,b,c\n1,2,3\n4,5\n", "line 3: expected 3 fields as in line 1, got 2"),
    "one long line": ("a,b,c\n1,2,3\n\n4,5,6,7\n", "line 4: expected 3 fields as in line 1, got 4"),
    "a short line after a quoted one of two lines": ('a,b\n"x\ny",1\n2\n', "line 4: expected 2 fields"),
    "an open quote": ('a,b\n1,2\n3,"x\n4,y\n', "line 3: a quote is opened and never closed"),
    "UTF-8 and Latin-1": (b"a,b\n\xc3\xa9,x\n2,caf\xe9\n", "line 3: not text in UTF-8; save the file as UTF-8"),
    "bytes": (
        b"a,b\n\x00\x01\x02\x00,2\n",
        "not a text file, it has null characters; expected CSV",
    ),
    "nothing": ("", "the file is empty"),
    "blank lines only": ("\n\n", "the file is empty"),
    "a blank first line": ("\na,b\n1,2\n", "line 1 is blank; expected the names of the columns"),
    "a quote after a blank": ('a,b\n1,x\n2, ""y"" z"\n', "line 3: "),
    "a header only": ("a,b,c\n", "the file has names of columns, but no rows"),
    "a name twice": ("a,b,a\n1,2,3\n", "line 1: columns 1 and 3 are both named 'a'"),
    "a column without a name": ("a,,c\n1,2,3\n", "line 1: column 2 of 3 has no name"),
    "no header": ("5.1,3.5,setosa\n4.9,3.0,setosa\n", "expected the names of the columns, got the value '5.1'"),
    "a comment first": (
        "# by hand\na,b\n1,x\n2,y\n",
        "got '# by hand' above lines of 2 columns; remove the lines before",
    ),
    "a title first": ("Ages of 2024\n\na|b|c\n1|2|3\n4|5|6\n", "got 'Ages of 2024' above lines of 3 columns"),
    "a damaged gzip file": (gzip.compress(NUMBERS.encode() * 99)[:60], "the compressed file is corrupt"),
    "a text among numbers": (
        f"age,b\n{NUMBERS}oops,x\n",
        "row 41 (line 42), column 'age': expected a number, got",
    ),
    "a text among few numbers": ("age,b\n1,x\n2,y\noops,y\n4,y\n", "row 3 (line 4), column 'age': expected a number"),
    "a number out of range": (
        f"age,b\n{NUMBERS}1e999,x\n",
        "column 'age': expected a number in the range of float64, got '1e999'",
    ),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_a_bad_csv_file_is_refused_in_one_line(write, content, message):
    path = write("t.csv", content)
    text = refusal(read_table, path)
    assert text.startswith(f"{path}: ")
    assert message in text


def test_the_line_of_a_bad_value_counts_blank_lines_and_quoted_line_ends(write):
    path = write("t.csv", f'age,b\n1,"x\ny"\n\n{NUMBERS}oops,z\n')
    assert "row 42 (line 45), column 'age'" in refusal(read_table, path)


def test_a_bad_value_says_how_to_declare_a_category(write):
    path = write("t.csv", f"age,b\n{NUMBERS}oops,x\n")
    assert "--set 'data.columns.age.type=\"category\"'" in refusal(read_table, path)
    text = refusal(read_table, path, asked({"age": "number"}))
    assert text.endswith("got 'oops'; fix it or leave the cell empty"), "what is known to be a number is no category"


@pytest.mark.parametrize("content", ["a\n1\n2\n", 'a\n"b, c"\n"d, e"\n', "a\nb, c\nd\ne\n"])
def test_a_file_of_one_column_has_no_title(write, content):
    assert list(read_table(write("t.csv", content), asked(delimiter="|")).columns) == ["a"]
    assert list(read_table(write("t.csv", content.replace("b, c", "b"))).columns) == ["a"]


def test_a_name_that_says_parquet_is_not_read_as_text(write):
    assert "not a Parquet file, or a corrupt one" in refusal(read_table, write("t.parquet", "a,b\n1,2\n"))


@pytest.mark.parametrize(
    ("kind", "wanted"), [("number", "a number"), ("boolean", "true or false"), ("time", "a date or a time")]
)
def test_a_text_in_a_column_of_known_kind_is_refused(write, kind, wanted):
    text = refusal(read_table, write("t.csv", "c,d\n,x\nhello,y\n"), asked({"c": kind}))
    assert f"row 2 (line 3), column 'c': expected {wanted}, got 'hello'" in text


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    assert "no such file" in refusal(read_table, tmp_path / "nope.csv")
    assert "is a folder" in refusal(read_table, tmp_path)


def test_a_delimiter_is_one_letter(write):
    assert "expected a single ASCII character as delimiter, got '::'" in refusal(
        read_table, write("t.csv", "a\n1\n"), asked(delimiter="::")
    )


def test_a_field_may_be_longer_than_any_other(write):
    name, cell = "x" * 200_000, "y" * 3_000_000
    table = read_table(write("t.csv", f'"{name}",b\n1,{cell}\n'))
    assert list(table.columns) == [name, "b"]
    assert table.columns["b"].values.tolist() == [cell]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.json", '{"a": 1,', "Malformed JSON"),
        ("t.jsonl", '{"a": [1]}\n{"a": [2]}\n', "column 'a' has the type BIGINT[]; expected numbers, strings"),
        ("t.parquet", "PAR1 and no more", "Parquet"),
    ],
)
def test_a_bad_file_of_another_sort_is_refused_in_one_line(write, name, content, message):
    assert message in refusal(read_table, write(name, content))


def test_an_infinite_number_is_missing_with_a_note(tmp_path):
    path = tmp_path / "t.parquet"
    duckdb.sql("SELECT * FROM (VALUES (1.0::DOUBLE), ('inf'::DOUBLE)) v(x)").write_parquet(str(path))
    table = read_table(path)
    assert table.columns["x"].missing.tolist() == [False, True]
    assert table.notes == ("column 'x': 1 infinite value is read as missing",)


def test_of_many_columns_those_with_infinite_numbers_and_long_integers_are_named(tmp_path):
    path = tmp_path / "t.parquet"
    rows = "(1.0::DOUBLE, NULL::DOUBLE, '-inf'::DOUBLE, 1::BIGINT, 9007199254740993::BIGINT), (2, NULL, 'inf', 2, NULL)"
    duckdb.sql(f"SELECT * FROM (VALUES {rows}) v(a, b, c, d, e)").write_parquet(str(path))
    table = read_table(path)
    assert [column.kind for column in table.columns.values()] == ["number", "number", "number", "number", "text"]
    assert table.columns["e"].values.tolist() == ["9007199254740993", None]
    assert [note.split(" ")[:2] for note in table.notes] == [["column", "'e'"], ["column", "'c':"]]
    assert "column 'c': 2 infinite values are read as missing" in table.notes
