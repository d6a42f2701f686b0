"""Small files that call for much memory, and files without end: one line, in little memory and time."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from nntrain.data.readers.table_reader import read_table
from tests.data.conftest import refusal
from tests.data.readers.test_file_forms import workbook

resource = pytest.importorskip("resource")

# Python, numpy and DuckDB map some of it without using it.
ADDRESSES = 6 * 2**30

LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
from nntrain.cli.entry import main
sys.argv = ["nntrain", "check", sys.argv[1]]
main()
"""


def refused(path: Path) -> str:
    """The one line of ``nntrain check`` in a process that may take little memory."""
    found = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, timeout=240, check=False
    )
    assert found.returncode == 3, found.stderr
    assert found.stderr.count("\n") == 1
    return found.stderr


def with_hole(path: Path, begin: bytes) -> Path:
    """A file of 1 TB that takes no room on the disk."""
    path.write_bytes(begin)
    try:
        os.truncate(path, 2**40)
    except OSError:
        pytest.skip("the file system has no files of 1 TB with holes")
    return path


@pytest.mark.parametrize(
    ("name", "begin", "what"),
    [
        ("zero.csv", b"", "not a text file, it has null characters"),
        ("rows.csv", b"a,b\n1,2\n", "not a text file, it has null characters"),
        ("rows.arff", b"@relation r\n@attribute a real\n@data\n1\n", "without null characters"),
        ("rows.json", b'{"a": 1}\n', "not a JSON file"),
        ("rows.parquet", b"PAR1", "not a Parquet file"),
        ("rows.zip", b"PK\x03\x04", "a corrupt zip archive"),
    ],
)
def test_a_file_with_a_hole_of_a_terabyte_is_refused(tmp_path: Path, name: str, begin: bytes, what: str) -> None:
    assert what in refused(with_hole(tmp_path / name, begin))


def test_a_line_without_end_in_a_compressed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"x" * 2**26, 1) * 40)
    assert path.stat().st_size < 2**24
    assert "a line of more than 67,108,864 bytes; expected a line for each row" in refused(path)


def test_a_quote_that_is_never_closed_takes_no_more_than_a_cell_may(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b'a,b\n1,"2\n') + gzip.compress(b"3,4\n" * 2**23, 1) * 4)
    assert "rows.csv.gz: line 2: " in refused(path)


def test_a_sheet_of_two_cells_that_are_far_apart_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    path = workbook(tmp_path / "rows.xlsx", {"rows": [["a", "b"], [1, 2]]})
    with ZipFile(path) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
    sheet = b'<c r="A1"><v>1</v></c></row><row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c>'
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"<c><v>1</v></c>", sheet))
    assert "reading this workbook takes about" in refused(path)


@pytest.mark.parametrize("name", ["../../escaped.csv", "/escaped.csv", "..", "a/../../escaped.csv"])
def test_a_name_in_an_archive_leads_nowhere(tmp_path: Path, name: str) -> None:
    path = tmp_path / "rows.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr(name, "a,b\n1,2\n3,4\n")
    if name == "..":
        assert refusal(read_table, path).startswith(str(path))
    else:
        assert list(read_table(path).columns) == ["a", "b"]
    assert [file.name for file in tmp_path.iterdir()] == ["rows.zip"]
    assert not Path("/escaped.csv").exists()


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    with ZipFile(inner, "w") as archive:
        archive.writestr("rows.csv", "a,b\n1,2\n")
    with ZipFile(outer, "w") as archive:
        archive.write(inner, "inner.zip")
    assert refusal(read_table, outer) == f"{outer}: inner.zip: an archive inside an archive; unpack it first"


def test_an_archive_whose_bytes_are_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", "a,b\n" + "".join(f"{row},{row * 7 % 11}\n" for row in range(200)))
    content = bytearray(path.read_bytes())
    # The first bits of the compressed data: a block of a kind that there is not.
    content[30 + len("rows.csv")] = 0xFF
    path.write_bytes(content)
    assert "'rows.csv' cannot be unpacked: Error -3" in refusal(read_table, path)
