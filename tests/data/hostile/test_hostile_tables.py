"""ARFF, Excel, JSON and zip files that are built to do harm: refused in one line that is true."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.readers.arff import read_attributes
from nntrain.data.readers.table_reader import read_table
from nntrain.data.readers.zip_archive import MAX_DIRECTORY_BYTES
from nntrain.data.streaming.memory_budget import is_streamed
from tests.data.conftest import refusal
from tests.data.readers.test_file_forms import workbook


@pytest.mark.parametrize("columns", [20_000, 20_001])
def test_an_arff_file_has_at_most_20000_columns(columns: int) -> None:
    lines = [(number, f"@attribute c{number} real") for number in range(1, columns + 1)]
    if columns == 20_000:
        assert len(read_attributes([*lines, (columns + 1, "@data")])[0]) == columns
    else:
        told = refusal(read_attributes, lines)
        assert told == "line 20001: expected at most 20,000 columns; write the rows as HDF5 or Parquet"


def with_strings(path: Path, strings: bytes) -> Path:
    """A workbook of two cells whose shared strings are these bytes."""
    workbook(path, {"rows": [["a"], [1]]})
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + strings + b"</sst>")
    return path


@pytest.mark.parametrize("stream", [None, True, False])
@pytest.mark.parametrize("strings", [b"<si/>" * 5_000_000, b"<x:si />" * 4_000_000, b"<si><t>" + b"x" * 10**8])
def test_shared_strings_that_do_not_fit_into_memory_are_refused(
    tmp_path: Path, strings: bytes, stream: bool | None
) -> None:
    path = with_strings(tmp_path / "rows.xlsx", strings)
    assert path.stat().st_size < 200_000
    told = refusal(is_streamed, DataOptions(path, memory=300 * 10**6, stream=stream))
    assert told.startswith(f"{path}: reading this workbook takes about ")


def test_an_archive_without_files_is_refused_as_one(tmp_path: Path) -> None:
    told = refusal(read_table, archive(tmp_path / "rows.zip"))
    assert "a zip archive without files is not supported; add a file of rows" in told


def arff(type_: str, rows: str = "1,a\n") -> str:
    return f"@relation r\n@attribute x real\n@attribute k {type_}\n@data\n{rows}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (arff("{a,b"), "line 3: the values of 'k' are not closed with }"),
        (arff("{" + ",".join(f"v{number}" for number in range(1_000_000))), "line 3: the values of 'k' are not closed"),
        (arff("relational"), "line 3: type of 'k': expected numeric, real, integer, string, date or {...}"),
        (arff("{a,b}", "1\n"), "line 5: expected 2 values, got 1"),
        (arff("real"), "line 5, column 'k': expected a number, got 'a'"),
        ("@attribute x\n@data\n1\n", "line 1: expected @attribute NAME TYPE, got '@attribute x'"),
        ("@attribute '" + "\\'" * 200_000 + "\n@data\n1\n", "line 1: expected @attribute NAME TYPE"),
        (arff("string", "1," + "a" * 2**24), "lines of text of at most 16,777,216 characters"),
    ],
)
def test_an_arff_file_with_a_wrong_line_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rows.arff"
    path.write_text(text)
    assert f"{path}: cannot be read by ARFF: " in (found := refusal(read_table, path))
    assert told in found
    assert len(found) < 500


def test_a_nominal_column_may_have_a_million_values(tmp_path: Path) -> None:
    path = tmp_path / "rows.arff"
    path.write_text(arff("{" + ",".join(f"v{number}" for number in range(1_000_000)) + "}", "1,v999999\n2,v0\n"))
    assert list(read_table(path).columns["k"].values) == ["v999999", "v0"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "]" * 100_000,
        "[" * 100_000,
        '{"x": 1, "k": ' + "[" * 100_000 + "]" * 100_000 + "}\n",
        '{"x": 1, "k": ' + '{"k": ' * 100_000 + "1" + "}" * 100_000 + "}\n",
        '[{"x": 1, "k": 2}, {"x":',
        '{"x": 1, "k": "\ud800"}\n'.encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_json_that_is_deep_or_cut_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.json"
    path.write_text(text, encoding="latin-1")
    assert "not a JSON file, or a corrupt one" in refusal(read_table, path)


def test_json_with_a_key_twice_in_a_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"x": 1, "x": 2}\n' + json.dumps({"x": 3}) + "\n")
    assert "duplicate key" in refusal(read_table, path)


def archive(path: Path, *names: str) -> Path:
    with warnings.catch_warnings(), ZipFile(path, "w") as file:
        warnings.simplefilter("ignore")
        for number, name in enumerate(names):
            file.writestr(name, f"a,b\n{number},x\n{number},y\n")
    return path


def test_two_files_of_one_name_in_an_archive_cannot_be_chosen(tmp_path: Path) -> None:
    path = archive(tmp_path / "rows.zip", "t.csv", "t.csv")
    told = f"{path}: 2 files in the archive are named 't.csv'; rename or remove the others"
    assert refusal(read_table, path) == told
    path = archive(path, "t.csv", "t.csv", "u.csv")
    assert "got 3: 't.csv', 't.csv', 'u.csv'; choose one with --set" in refusal(read_table, path)
    assert refusal(read_table, path, ReadOptions(FileOptions(sheet="t.csv"))) == told
    table = read_table(path, ReadOptions(FileOptions(sheet="u.csv")))
    np.testing.assert_array_equal(table.columns["a"].values, [2, 2])


def test_an_archive_of_very_many_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.zip"
    with ZipFile(path, "w") as file:
        for number in range(25_000):
            file.writestr(str(number), "")
    told = refusal(read_table, path)
    assert "a corrupt zip archive: its list of files takes 1," in told
    assert told.endswith(f"expected at most {MAX_DIRECTORY_BYTES:,}")
