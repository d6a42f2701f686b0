"""Rows on the disk come in pieces that memory is for, whatever their texts and what they become."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nntrain.compute.random import create_stream
from nntrain.data.checks.inspection import inspect_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import ReadOptions
from nntrain.data.readers.table_reader import read_table
from nntrain.data.splits.shuffled_rows import ShuffledRows
from nntrain.data.streaming import disk_table, streamed_table
from nntrain.data.streaming.disk_table import DiskTable
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.tables.raw_column import MAX_VALUES
from nntrain.errors import DataError


def streamed(path: Path, folder: Path):
    folder.mkdir(exist_ok=True)
    return DiskTable.create(path, folder / "table.db", 256 * 2**20, ReadOptions())


@pytest.mark.parametrize("labels", [None, [0, 2, 5], ["a", "b", "c"]])
def test_rows_are_shuffled_class_by_class(labels):
    rows = 3000
    names = None if labels is None else np.array(labels)[np.random.default_rng(0).integers(0, 3, rows)]
    order = np.arange(rows, dtype=np.uint32)
    create_stream(7, "split").shuffle(order)
    classes = [order] if names is None else [order[names[order] == name] for name in np.unique(names)]
    found = ShuffledRows(rows, 7, "split", names)
    assert found.sizes == [len(group) for group in classes]
    again = [np.empty_like(group) for group in classes]
    for row, group, place in found.iterate_positions():
        for one, number, at in zip(row, group, place, strict=True):
            again[number][at] = one
    for expected, got in zip(classes, again, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_rows_of_long_texts_come_in_shorter_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(streamed_table, "CHUNK_BYTES", 2**20)
    path = tmp_path / "rows.csv"
    # One row in a thousand has a text of 1000 characters, at the end every row has.
    texts = ["x" * 1000 if row >= 9000 or row % 1000 == 0 else "y" for row in range(12_000)]
    path.write_text("a,t\n" + "".join(f"{row},{text}\n" for row, text in enumerate(texts)))
    with streamed(path, tmp_path / "folder") as table:
        # The 1024 rows with the most are all of the long ones.
        assert table.step_bytes(["t"]) == 1024 * 1000
        pieces = list(StreamedTable(table).iterate_chunks(["t"]))
        assert [piece.rows for piece in pieces] == [1024] * 11 + [12_000 - 11 * 1024]
        assert [text for piece in pieces for text in piece.columns["t"].values] == texts
        assert [piece.rows for piece in StreamedTable(table).iterate_chunks(["a"])] == [12_000]
        # A row that becomes 512 bytes: 2048 of them are a megabyte.
        assert next(StreamedTable(table).iterate_chunks(["a"], 512)).rows == 2048


def test_texts_that_are_long_in_all_are_not_kept(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    path.write_text("a,t\n" + "".join(f"{row},{row} {'x' * 90}\n" for row in range(2000)))
    with streamed(path, tmp_path / "folder") as table:
        assert len(StreamedTable(table).column("t").count_values()) == 2000 < MAX_VALUES
        monkeypatch.setattr("nntrain.data.tables.raw_column.MAX_CHARACTERS", 50_000)
        assert StreamedTable(table).column("t").count_values() is None


TIMES = "".join(f"{row},{1 + row % 28:02}/{1 + row % 12:02}/2024 10:{row % 60:02}\n" for row in range(5000))


@pytest.fixture
def few_at_a_time(monkeypatch):
    monkeypatch.setattr(disk_table, "MAX_TEXTS", 100)
    monkeypatch.setattr(disk_table, "FETCH_SIZE", 100)


@pytest.mark.usefixtures("few_at_a_time")
def test_more_texts_than_are_judged_together_have_the_format_of_all(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,t\n" + TIMES)
    with streamed(path, tmp_path / "folder") as table:
        assert table.formats["t"].time == "%d/%m/%Y %H:%M"
        block = table.block(["t"], 0, 5000).columns["t"]
    np.testing.assert_array_equal(block.values, read_table(path).columns["t"].values)


@pytest.mark.usefixtures("few_at_a_time")
@pytest.mark.parametrize("wrong", ["soon", "31/02/2024 10:00", "2024-01-01 10:00"])
def test_a_text_of_another_format_is_found_among_many(tmp_path, wrong):
    path = tmp_path / "rows.csv"
    path.write_text("a,t\n" + TIMES + f"5000,{wrong}\n")
    with pytest.raises(DataError, match="'t'"), streamed(path, tmp_path / "folder"):
        pass


@pytest.mark.usefixtures("few_at_a_time")
def test_numbers_with_digits_that_matter_are_found_among_many(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,t\n" + "".join(f"{row},{row} kg\n" for row in range(5000)) + "5000,7 lb\n")
    with pytest.raises(DataError, match="'t'"), streamed(path, tmp_path / "folder"):
        pass
    path.write_text("a,t\n" + "".join(f"{row},{row} kg\n" for row in range(5000)))
    with streamed(path, tmp_path / "folder") as table:
        assert table.formats["t"].suffix == "kg"


def test_a_check_of_streamed_arrays_says_what_that_of_arrays_says(tmp_path, monkeypatch):
    import h5py

    monkeypatch.setattr("nntrain.data.streaming.streamed_array.CHUNK_CELLS", 300)
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))
    random = np.random.default_rng(0)
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        inputs = random.integers(0, 9, (500, 3)).astype(np.float32)
        inputs[:, 1] = 4
        file["inputs"], file["targets"] = inputs, random.integers(0, 2, 500)
    facts = [
        inspect_data(DataOptions(str(tmp_path / "rows.h5"), stream=streaming), 0).columns for streaming in (False, True)
    ]
    assert facts[0] == facts[1]
    assert facts[1][0].distinct == 9
    assert facts[1][0].constant == "1 of 3 inputs are constant"
