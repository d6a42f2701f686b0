"""A file is read under any name, and next to files that its name would match as a pattern."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from nntrain.data.readers.table_reader import read_table
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.tables.data_table import DataTable
from nntrain.data.writers.row_writer import write_rows
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from tests.data.written import FORMS, Columns, csv_file, json_list

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")

# Folders and files; of a file, the suffix of its form follows.
NAMES = [
    "petal_length=0",
    "year=2024",
    "~",
    "~root",
    "file:",
    "http:",
    "s3:",
    "a*b",
    "a?b",
    "**",
    "[ab]",
    "[!a]",
    "{a,b}",
    "a\\*b",
    "a\\[b",
    "$HOME",
    "%20",
    "-x",
    " leading",
    "trailing.",
    "two\nlines",
    "quo'te",
    'quo"te',
    "semi;colon",
    "\u00e9",
    "e\u0301",
    os.fsdecode(b"\xff\xfe"),
    "x" * 240,
    "x.gz",
]

# Those that a reader takes for patterns or cannot decode: for the forms that are read like another one with all names.
HARD_NAMES = ["a*b", "**", "[ab]", "{a,b}", "a\\*b", "$HOME", "two\nlines", "quo'te", os.fsdecode(b"\xff\xfe")]
ALL_NAMES = (".csv", ".parquet")

# What patterns and other readings of the names would find.
DECOYS = ["aXb", "ab", "a", "b", "c", "a,b", "root", "a/b", "", "x", "20"]

TRUE = {"petal_length": [1.5, 2.5, 3.5], "name": ["u", "v", "u"]}
FALSE = {"petal_length": [7.5, 8.5, 9.5], "name": ["no", "no", "no"]}


def in_memory(path: Path, folder: Path) -> DataTable:
    return read_table(path)


def streamed(path: Path, folder: Path) -> DataTable:
    with ExitStack() as open_files:
        table = DiskReader(folder, 2**28, open_files).read_table(path)
        (piece,) = table.iterate_chunks(list(table.columns))
        return piece


def as_lists(table: DataTable) -> Columns:
    return {name: list(column.values) for name, column in table.columns.items()}


def make(write: Callable[[Path, Columns], None], path: Path, columns: Columns) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, columns)


@pytest.mark.parametrize("read", [in_memory, streamed])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["folder", "file"])
def test_a_file_is_read_as_under_a_plain_name(tmp_path, monkeypatch, form, read, place) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "files" / "a"))
    monkeypatch.chdir(tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    root = tmp_path / "files"
    spelled = f"{{}}/rows{form}" if place == "folder" else f"{{}}{form}"
    for decoy in DECOYS:
        make(FORMS[form], root / spelled.format(decoy), FALSE)
    for name in NAMES if form in ALL_NAMES else HARD_NAMES:
        path = root / spelled.format(name)
        make(FORMS[form], path, TRUE)
        assert as_lists(read(path, scratch)) == TRUE, ascii(str(path))
        assert as_lists(read(path.relative_to(tmp_path), scratch)) == TRUE, ascii(str(path))
        if path.relative_to(root).as_posix() not in map(spelled.format, DECOYS):
            path.unlink()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".h5"])
def test_a_file_is_written_under_any_name(tmp_path, name, suffix) -> None:
    path = tmp_path / name / f"{name}{suffix}"
    path.parent.mkdir()
    write_rows(path, [{"petal_length": np.array(TRUE["petal_length"]), "name": np.array(TRUE["name"], object)}])
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    if suffix != ".h5":
        assert as_lists(read_table(path)) == TRUE


def test_the_cache_may_be_in_any_folder(tmp_path) -> None:
    path = tmp_path / "rows.csv"
    csv_file(path, TRUE)
    for name in NAMES:
        (tmp_path / name).mkdir(exist_ok=True)
        if "?" in name or "\\" in name:
            with pytest.raises(DataError, match="expected a path without"):
                streamed(path, tmp_path / name)
            continue
        assert as_lists(streamed(path, tmp_path / name)) == TRUE, ascii(name)
        assert not list((tmp_path / name).iterdir())


def test_what_a_name_says_of_compression_is_not_believed(tmp_path) -> None:
    for name in ("plain.csv.gz", "plain.json.gz", "plain.csv.zst", "packed.csv", "packed.json"):
        path = tmp_path / name
        (json_list if "json" in name else csv_file)(path, TRUE)
        if name.startswith("packed"):
            path.write_bytes(gzip.compress(path.read_bytes()))
        assert as_lists(read_table(path)) == TRUE, ascii(name)
    csv_file(tmp_path / "table.parquet", TRUE)
    with pytest.raises(DataError, match="not a Parquet file"):
        read_table(tmp_path / "table.parquet")


# The names that queries give to what they select, that DuckDB has for every row of a file, and that it knows as words.
INTERNAL = [
    *("e0", "e1", "c0", "c1", "t0", "met", "value", "number", "rows", "block", "filename", "file_row_number"),
    *("file_index", "hive", "rowid", "select", "from", "count", "true", "null", "current_date", "user", "?", "$1"),
    *("a.b", "quo'te", "semi;colon", "--", "/*", "*", "COLUMNS(*)", "line\\nend", "\u00e9", "e\u0301"),
]


@pytest.mark.parametrize("form", [form for form in FORMS if form not in (".parquet", ".feather", ".h5", ".zip")])
@pytest.mark.parametrize("read", [in_memory, streamed])
def test_columns_may_have_the_names_that_queries_use(tmp_path, form, read) -> None:
    """In the order of the list and in the opposite one, since e0 is then the name of another column."""
    if form == ".arff":
        pytest.skip("names of words alone")
    for names in (INTERNAL, INTERNAL[::-1]):
        columns = {name: [place, 100 + place, 200 + place] for place, name in enumerate(names)}
        path = tmp_path / f"rows{form}"
        FORMS[form](path, columns)
        assert as_lists(read(path, tmp_path)) == columns


@pytest.mark.parametrize("read", [in_memory, streamed])
def test_columns_of_parquet_may_have_the_names_that_queries_use(tmp_path, read) -> None:
    for names in (INTERNAL, INTERNAL[::-1]):
        columns = {name: [place, 100 + place] for place, name in enumerate(names)}
        path = tmp_path / "rows.parquet"
        write_rows(path, [{name: np.array(values) for name, values in columns.items()}])
        assert as_lists(read(path, tmp_path)) == columns


def test_a_text_that_is_out_of_place_is_found_where_columns_are_named_as_in_the_query(tmp_path) -> None:
    path = tmp_path / "rows.json"
    rows = [{"met": 1, "value": str(place), "number": 7} for place in range(40)]
    rows[33]["value"] = "oops"
    path.write_text(json.dumps(rows))
    with pytest.raises(DataError, match=r"row 34, column 'value': expected .*, got 'oops'"):
        read_table(path)


def test_a_plain_name_is_the_path_itself_and_any_other_a_link(tmp_path) -> None:
    assert get_plain_name(tmp_path / "rows-1.csv") == str(tmp_path / "rows-1.csv")
    odd = tmp_path / "a*b.csv"
    link = Path(get_plain_name(odd))
    assert link.is_symlink()
    assert os.readlink(link) == str(odd)
    assert get_plain_name(odd) == str(link)


def test_duckdb_reads_nothing_else_and_loads_nothing(tmp_path) -> None:
    """Neither variables of Python nor extensions, and its settings stay."""
    from nntrain.data.readers.scan import Scan

    path = tmp_path / "rows.csv"
    csv_file(path, TRUE)
    block = {"c0": np.arange(3)}
    scan = Scan(path, "", ())
    for query in (
        "SELECT * FROM block",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "SELECT * FROM 'https://localhost/x.parquet'",
        "CREATE PERSISTENT SECRET s (TYPE s3)",
    ):
        with pytest.raises(DataError, match=r"rows\.csv"), scan.connect() as connection:
            connection.execute(query)
    assert len(block["c0"]) == 3
