"""How much memory the rows of a file take is known before they are loaded, whatever the size of the file."""

from __future__ import annotations

import gzip
import zipfile

import duckdb
import h5py
import numpy as np
import pytest

from nntrain.data.options.data_options import DataOptions
from nntrain.data.streaming import memory_estimate as module
from nntrain.data.streaming.memory_budget import fits_in_memory, is_streamed
from nntrain.data.streaming.memory_estimate import estimate_dataset_memory, estimate_text_memory
from nntrain.errors import DataError

ALL = float("inf")
ROWS = 200_000
LINE = "0.5,a,yes\n"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(module, "cached_estimates", {})


def plain(path):
    path.write_text("x,k,y\n" + LINE * ROWS)


def packed(path):
    member = gzip.compress((LINE * 1000).encode())
    path.write_bytes(gzip.compress(b"x,k,y\n") + member * (ROWS // 1000))


def archived(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", "x,k,y\n" + LINE * ROWS)


def test_a_compressed_file_takes_what_it_takes_unpacked(tmp_path):
    plain(tmp_path / "rows.csv")
    packed(tmp_path / "rows.csv.gz")
    archived(tmp_path / "rows.zip")
    assert (tmp_path / "rows.csv.gz").stat().st_size < 20_000
    expected = estimate_dataset_memory(tmp_path / "rows.csv", ALL)
    assert estimate_dataset_memory(tmp_path / "rows.csv.gz", ALL) == pytest.approx(expected, rel=0.01)
    assert estimate_dataset_memory(tmp_path / "rows.zip", ALL) == pytest.approx(expected, rel=0.01)
    # Three float64 of each row are the least that any way of reading keeps.
    assert expected > ROWS * 3 * 8


def test_a_large_plain_file_is_judged_by_a_sample(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("x,k,y\n" + LINE * 2_500_000)
    with path.open("rb") as file:
        whole = file.read()
    lines, commas = whole.count(b"\n"), whole.count(b",")
    (tmp_path / "rows.csv.gz").write_bytes(gzip.compress(whole, 1))
    assert estimate_text_memory(path, ALL) == pytest.approx(
        estimate_text_memory(tmp_path / "rows.csv.gz", ALL), rel=0.02
    )
    assert estimate_text_memory(path, ALL) > 8 * (lines + commas)


def test_counting_ends_when_it_is_enough(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv.gz"
    packed(path)
    seen = []
    monkeypatch.setattr(
        module, "estimate_text_memory", lambda path, enough: seen.append(enough) or estimate_text_memory(path, enough)
    )
    some = estimate_dataset_memory(path, 10**6)
    assert 10**6 < some < estimate_dataset_memory(path, ALL)
    assert estimate_dataset_memory(path, 10**5) == estimate_dataset_memory(path, ALL)
    assert seen == [10**6, ALL]


def parquet(path, query):
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def test_equal_rows_of_parquet_count_although_they_take_no_space(tmp_path):
    path = tmp_path / "rows.parquet"
    parquet(path, "SELECT 1.5 AS x, 'a' AS k, i % 2 AS y FROM range(2000000) t(i)")
    assert path.stat().st_size < 200_000
    assert estimate_dataset_memory(path, ALL) > 2_000_000 * 3 * 8
    assert is_streamed(DataOptions(str(path), memory=300 * 10**6))
    assert not is_streamed(DataOptions(str(path), memory=10**10))


def test_a_long_text_that_is_stored_once_counts_in_every_row(tmp_path):
    path = tmp_path / "rows.parquet"
    parquet(path, "SELECT repeat('long ', 2000) AS text, i % 2 AS y FROM range(20000) t(i)")
    assert path.stat().st_size < 200_000
    assert estimate_dataset_memory(path, ALL) > 20_000 * 10_000


def test_rows_of_hdf5_count_by_their_shapes(tmp_path):
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("inputs", data=np.zeros((10**5, 64), np.uint8), compression="gzip")
        file.create_dataset("targets", data=np.zeros(10**5, np.int64), compression="gzip")
    assert path.stat().st_size < 50_000
    # The inputs as float32, and the targets.
    assert estimate_dataset_memory(path, ALL) > 10**5 * (64 * 4 + 8)


def test_invalid_file_of_its_kind_is_left_to_its_reader(tmp_path):
    (tmp_path / "rows.csv.gz").write_bytes(gzip.compress(b"x,y\n" * 10**5)[:100])
    (tmp_path / "rows.parquet").write_bytes(b"PAR1" + bytes(100))
    (tmp_path / "rows.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    for name in ("rows.csv.gz", "rows.parquet"):
        estimate_dataset_memory(tmp_path / name, 10**9)
    with pytest.raises(DataError, match=r"rows\.h5: not an HDF5 file"):
        estimate_dataset_memory(tmp_path / "rows.h5", 10**9)


def test_a_workbook_that_does_not_fit_is_refused_with_the_option_that_helps(tmp_path):
    path = tmp_path / "rows.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    # A reader keeps a rectangle of cells: 1,048,576 rows by 16,384 columns.
    with pytest.raises(DataError, match=r"reading this workbook takes about .* of memory, expected at most"):
        fits_in_memory([path], 10**9)
