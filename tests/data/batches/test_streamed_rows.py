"""Rows that do not fit into memory are split, fitted and encoded as those that do, to the last bit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from nntrain.data.dataset import Dataset
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.preprocessing import quantiles
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.table_reader import open_scan
from nntrain.data.streaming import streamed_table
from nntrain.data.streaming.cache_file import CachedDataset, to_json
from nntrain.data.tables import raw_column
from nntrain.errors import DataError
from tests.data.conftest import refusal

ROWS = 700


@pytest.fixture(autouse=True)
def many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few rows at once that every file comes in pieces."""
    monkeypatch.setattr(streamed_table, "STEP_ROWS", 32)
    monkeypatch.setattr(streamed_table, "CHUNK_CELLS", 100)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """Every kind of column, with gaps; one that counts, one of names, one that never changes; rows without target."""
    path = tmp_path / "rows.csv"
    generator = np.random.default_rng(5)
    lines = ["id,name,same,x,whole,flag,day,time,colour,city,y"]
    for row in range(ROWS):
        colour = ("red", "green", "blue", "")[row % 4]
        lines.append(
            f"{row},name {row},1,{generator.normal() * 1e3},{generator.integers(9) if row % 7 else ''},"
            f"{('true', 'false', 'NA')[row % 3]},2024-{row % 12 + 1:02}-03,2024-01-01 {row % 24:02}:30,{colour},"
            f"city{generator.integers(90)},{('yes', 'no', 'no')[row % 3] if row % 50 else ''}"
        )
    path.write_text("\n".join(lines) + "\n")
    return path


def options(path: Path, **said: object) -> DataOptions:
    return DataOptions(str(path), cache=str(path.parent / "cache"), **said)  # type: ignore[arg-type]


def streamed(given: DataOptions, seed: int = 1) -> DatasetSplits:
    return load_data(replace(given, stream=True), seed)


def parts_of(prepared: DatasetSplits) -> list[Dataset]:
    return [part for part in (prepared.train, prepared.validation, prepared.test) if part is not None]


def assert_same(one: DatasetSplits, other: DatasetSplits) -> None:
    assert to_json(one.preprocessor.state()) == to_json(other.preprocessor.state())
    for first, second in zip(parts_of(one), parts_of(other), strict=True):
        assert isinstance(second, CachedDataset)
        assert first.rows == second.rows
        assert isinstance(first.inputs, list) == isinstance(second.inputs, list)
        for array, dataset in zip(arrays(first), arrays(second), strict=True):
            assert array.dtype == dataset.dtype
            np.testing.assert_array_equal(array, dataset[...])


def arrays(part: Dataset) -> list[np.ndarray]:
    return [*(part.inputs if isinstance(part.inputs, list) else [part.inputs]), part.targets]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"target": "x"},
        {"number_scaling": "standard"},
        {"number_scaling": "quantile"},
        {"target": "whole", "task": "regression"},
        {"target": "flag", "ignore": ("y", "name")},
        {"stratify": False, "test": 0.0},
        {"target": ("x", "id"), "task": "regression"},
        {"sample_weight": "id"},
        {"folds": 4, "fold": 3},
        {"split": "hash", "split_column": "id"},
        {"split": "time", "split_column": "time"},
        {"one_hot_limit": 2, "columns": {"whole": ColumnOptions("category"), "id": ColumnOptions("number")}},
    ],
)
def test_streamed_rows_are_those_in_memory(csv, said):
    given = options(csv, **said)
    whole, pieces = load_data(replace(given, stream=False), seed=3), streamed(given, seed=3)
    assert_same(whole, pieces)
    assert pieces.notes[:-1] == whole.notes
    assert "the rows are read in blocks from" in pieces.notes[-1]


@pytest.mark.parametrize("scaling", ["robust", "quantile"])
def test_streamed_rows_give_the_same_quantiles_of_a_sample(csv, monkeypatch, scaling):
    monkeypatch.setattr(quantiles, "MAX_SAMPLE", 50)
    given = options(csv, number_scaling=scaling)
    assert_same(load_data(replace(given, stream=False), seed=1), streamed(given))


def test_parquet_json_and_gzip_are_streamed_too(csv, tmp_path):
    for name, form in (("rows.parquet", "PARQUET"), ("rows.json", "JSON"), ("rows.csv.gz", "CSV, COMPRESSION gzip")):
        duckdb.sql(f"COPY (SELECT * FROM read_csv('{csv}')) TO '{tmp_path / name}' (FORMAT {form})")
        given = options(tmp_path / name, target="colour")
        assert_same(load_data(replace(given, stream=False), seed=1), streamed(given))


def test_a_part_may_have_a_file_of_its_own(csv, tmp_path):
    lines = csv.read_text().splitlines()
    (tmp_path / "test.csv").write_text("\n".join([lines[0], *lines[5:99], lines[7].replace("city", "town")]) + "\n")
    given = options(csv, test_path=str(tmp_path / "test.csv"))
    whole = load_data(replace(given, stream=False), seed=1)
    assert_same(whole, streamed(given))
    assert streamed(given).notes[:-1] == whole.notes
    assert any("1 value of column 'city' of the test set was never" in note for note in whole.notes)


def test_the_second_run_finds_the_encoded_rows(csv):
    given = options(csv)
    first, second = streamed(given), streamed(given)
    assert second.notes[-1].endswith("written by an earlier run")
    assert second.notes[:-1] == first.notes[:-1]
    assert len(list(Path(given.cache).glob("*.h5"))) == 1
    assert_same(load_data(replace(given, stream=False), seed=1), second)


def test_with_the_schema_of_a_run_the_encoded_rows_are_found(csv):
    given = options(csv)
    first = streamed(given)
    resumed = load_data(replace(given, stream=True, target="y", task="classification"), 1, first.preprocessor)
    assert resumed.notes[-1].endswith("written by an earlier run")


def test_nothing_is_left_beside_the_encoded_rows(csv):
    streamed(options(csv))
    assert sorted(path.suffix for path in (csv.parent / "cache").iterdir()) == [".h5", ".txt"]


def test_an_error_is_one_line_and_leaves_nothing(csv):
    with csv.open("a") as file:
        file.write("a,b\n")
    text = refusal(streamed, options(csv))
    assert f"line {ROWS + 2}: expected 11 fields as in line 1, got 2" in text
    assert list((csv.parent / "cache").iterdir()) == []


def test_a_slip_is_reported_with_its_line(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("x,y\n" + "".join(f"{row if row != 150 else 'oops'},{row % 2}\n" for row in range(300)))
    assert "row 151 (line 152), column 'x': expected a number, got 'oops'" in refusal(streamed, options(path))


def test_infinite_numbers_are_missing_with_a_note(tmp_path):
    path = tmp_path / "rows.parquet"
    query = "SELECT CASE WHEN i = 150 THEN 'inf'::DOUBLE ELSE i * 0.5 END AS x, i % 2 AS y FROM range(300) AS r(i)"
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT PARQUET)")
    notes = streamed(options(path)).notes
    assert "column 'x': 1 infinite value is read as missing" in notes


def test_a_column_with_too_many_texts_is_left_out_with_a_word(csv, monkeypatch):
    monkeypatch.setattr(raw_column, "MAX_VALUES", 50)
    prepared = streamed(options(csv))
    assert any("column 'city' is excluded: it has more than" in note for note in prepared.notes)
    with pytest.raises(DataError, match=r"column 'city': expected at most .* categories in streamed data"):
        streamed(options(csv, columns={"city": ColumnOptions("category")}))


def test_the_encoded_rows_are_the_same_whatever_the_pieces(csv, monkeypatch, tmp_path):
    first = streamed(options(csv))
    monkeypatch.setattr(streamed_table, "CHUNK_CELLS", 4000)
    second = streamed(replace(options(csv), cache=str(tmp_path / "other")))
    assert to_json(first.preprocessor.state()) == to_json(second.preprocessor.state())
    assert all(
        (a[...] == b[...]).all() for a, b in zip(*(arrays(prepared.train) for prepared in (first, second)), strict=True)
    )


def test_the_encoding_is_reported_in_json_to_the_last_bit():
    assert json.loads(to_json({"mean": np.array([0.1, 1e-300])}))["mean"] == [0.1, 1e-300]


def interrupted(scan: Scan) -> None:
    with scan.connect():
        raise RuntimeError("Query interrupted")


def test_ctrl_c_is_itself_whatever_duckdb_makes_of_it(csv):
    with pytest.raises(KeyboardInterrupt):
        interrupted(open_scan(DataFile.open(csv), FileOptions()))
