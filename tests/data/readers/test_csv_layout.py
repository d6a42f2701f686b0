"""How a CSV file may be laid out: headers, delimiters, encodings, line ends."""

from __future__ import annotations

import gzip

import duckdb
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.readers.table_reader import read_table
from nntrain.data.writers.passthrough_columns import resolve_passthrough_names
from tests.data.conftest import asked, refusal


def values(path, **file):
    return {name: column.values.tolist() for name, column in read_table(path, asked(**file)).columns.items()}


LAYOUTS = {
    "sep=": "sep=;\na;b\n1;x\n2;y\n",
    "spaces": "a b\n1  x\n2 y \n",
    "tabs and spaces": "a \t b\n1\t x\n2 \ty\n",
    "colons": "a:b\n1:x\n2:y\n",
    "tildes": "a~b\n1~x\n2~y\n",
    "mixed line ends": "a,b\r\n1,x\n2,y\r\n",
    "old Macintosh": "a,b\r1,x\r2,y\r",
    "UTF-16": "a,b\n1,x\n2,y\n".encode("utf-16"),
    "UTF-16 without a mark": "a,b\n1,x\n2,y\n".encode("utf-16-le"),
    "UTF-32": "a,b\n1,x\n2,y\n".encode("utf-32"),
    "gzip with mixed line ends": gzip.compress(b"a,b\r\n1,x\n2,y\r\n"),
    "the index of pandas": ",a,b\n0,1,x\n1,2,y\n",
    "the index of pandas, read and written": "Unnamed: 0,a,b\n0,1,x\n1,2,y\n",
    "a delimiter at the end": "a,b,\n1,x,\n2,y,\n",
    "spaces around names": ' a ,"b "\n1,x\n2,y\n',
}


@pytest.mark.parametrize("content", LAYOUTS.values(), ids=LAYOUTS)
def test_a_file_is_read_as_it_was_meant(write, content):
    assert values(write("t.csv", content)) == {"a": [1, 2], "b": ["x", "y"]}


@pytest.mark.parametrize(
    ("encoding", "word"), [("latin-1", "caf\xe9"), ("cp1252", "it\u2019s 5 \u20ac"), ("utf-16", "\u65e5\u672c")]
)
def test_an_encoding_is_detected(write, encoding, word):
    path = write("t.csv", f"a,b\n{word},x\nz,y\n".encode(encoding))
    assert values(path)["a"] == [word, "z"]
    notes = read_table(path).notes
    assert any("data.encoding" in note for note in notes) == (encoding != "utf-16")
    assert values(path, encoding=encoding)["a"] == [word, "z"]


def test_an_encoding_is_declared(write):
    path = write("t.csv", "a,b\nПривет,x\n".encode("cp1251"))
    assert values(path, encoding="cp1251")["a"] == ["Привет"]
    assert "data.encoding: expected an encoding such as" in refusal(read_table, path, asked(encoding="klingon"))
    assert "line 2: not text in ascii" in refusal(read_table, path, asked(encoding="ascii"))


NO_HEADER = {
    "fractions": "5.1,3.5,setosa\n4.9,3.0,setosa\n",
    "integers": "7,148,72\n1,85,66\n",
    "dates": "2021-01-01,5\n2021-01-02,6\n",
    "words that occur again": "p,x,s\n" + "p,x,s\ne,y,s\n" * 4,
    "a number twice": "1,1,a\n2,3,b\n",
}


@pytest.mark.parametrize("content", NO_HEADER.values(), ids=NO_HEADER)
def test_a_missing_header_is_reported_with_the_key_that_says_so(write, content):
    path = write("t.csv", content)
    text = refusal(read_table, path)
    assert "line 1: expected the names of the columns, got the value" in text
    assert "--set data.header=false" in text
    found = read_table(path, asked(header=False))
    assert list(found.columns) == [f"column_{number}" for number in range(1, content.split("\n")[0].count(",") + 2)]
    assert found.rows == content.count("\n")
    assert read_table(path, asked(header=True) if content != NO_HEADER["a number twice"] else asked(header=False))


@pytest.mark.parametrize("names", ["id,2019,2020,2021", "id,2021,2020,2019", "0,1,2,3", "a,b,c,d", "id,7,8,9"])
def test_names_may_be_numbers_in_an_order(write, names):
    path = write("t.csv", f"{names}\n" + "5,1,4,2\n" * 6)
    assert list(read_table(path).columns) == names.split(",")


def test_a_name_with_a_line_break_has_a_space(write):
    assert values(write("t.csv", '"life\nexpectancy",b\n1,x\n')) == {"life expectancy": [1], "b": ["x"]}


@pytest.mark.parametrize("spelled", ["Life expectancy", " Life expectancy ", "Life  expectancy"])
def test_a_column_is_selected_with_spaces_around_its_name_or_without(write, spelled):
    content = "x, Life expectancy \n" + "".join(f"{row % 7},{row * row}\n" for row in range(40))
    prepared = load_data(DataOptions(str(write("t.csv", content)), target=spelled), seed=1)
    assert prepared.preprocessor.target.names == ["Life expectancy"]


def test_an_unknown_column_is_reported_with_the_names_in_quotes(write):
    path = write("t.csv", "Life expectancy ,b\n1,x\n")
    text = refusal(load_data, DataOptions(str(path), target="life"), 1)
    assert "the columns are: 'Life expectancy', 'b'" in text


def test_of_very_many_columns_the_first_are_listed(write):
    path = write("t.csv", ",".join(f"x{number}" for number in range(1023)) + "\n" + ",".join(["1"] * 1023) + "\n")
    text = refusal(load_data, DataOptions(str(path), target="missing"), 1)
    assert text.endswith("'x18', 'x19' and 1,003 more")
    assert "'x20'" not in text
    assert refusal(resolve_passthrough_names, path, ["missing"]).endswith("'x18', 'x19' and 1,003 more")


def test_names_that_differ_in_case_are_two_columns_in_parquet_too(tmp_path, write):
    csv = write("t.csv", "a,A\n1,2\n3,4\n")
    path = tmp_path / "t.parquet"
    # DuckDB does not write such a file, so the second name is patched into one of the same length.
    duckdb.sql("SELECT 1 AS aaaaa, 2 AS bbbbb").write_parquet(str(path))
    path.write_bytes(path.read_bytes().replace(b"bbbbb", b"AAAAA"))
    assert list(read_table(path).columns) == ["aaaaa", "AAAAA"]
    assert values(path) == {"aaaaa": [1], "AAAAA": [2]}
    assert list(values(csv)) == ["a", "A"]


def test_names_that_are_one_without_their_spaces_are_refused(write):
    assert "columns 1 and 2 are both named 'a'" in refusal(read_table, write("t.csv", "a, a \n1,2\n"))


def test_the_index_that_pandas_writes_into_parquet_is_dropped(tmp_path):
    path = tmp_path / "t.parquet"
    duckdb.sql("SELECT 1 AS a, 0 AS __index_level_0__").write_parquet(str(path))
    found = read_table(path)
    assert list(found.columns) == ["a"]
    assert any("__index_level_0__" in note for note in found.notes)
