"""A converted table whose rows have changed is refused; one of an older version, without checksums, is read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.readers.table_reader import read_table
from nntrain.data.streaming import table_conversion, table_file
from nntrain.data.streaming.table_conversion import convert_table
from nntrain.data.tables import raw_column
from tests.data.conftest import refusal
from tests.data.streaming.conftest import bits

ROWS = 90


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every kind of column, in blocks of 16 rows; names are too many to be kept by code."""
    for module in (table_file, table_conversion):
        monkeypatch.setattr(module, "CHUNK_ROWS", 16)
    monkeypatch.setattr(raw_column, "MAX_VALUES", 50)
    lines = ["x,flag,day,name,city,y"]
    lines += [
        f"{row * 37 % 51 / 8},{('true', 'false', '')[row % 3]},2024-{row % 12 + 1:02}-03,n{row},"
        f"{'abcdefgh'[row % 8]},{'yn'[row * 7 % 5 > 2]}"
        for row in range(ROWS)
    ]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines) + "\n")
    convert_table(DataOptions(str(path)), tmp_path / "rows.h5")
    return tmp_path / "rows.h5"


def values(path: Path) -> dict[str, str]:
    return {name: repr(column.values.tolist()) for name, column in read_table(path).columns.items()}


def datasets(path: Path) -> list[str]:
    found: list[str] = []
    with h5py.File(path) as file:
        file["columns"].visititems(
            lambda name, item: found.append(f"columns/{name}") if isinstance(item, h5py.Dataset) else None
        )
    return found


def changed(path: Path, name: str, change: Callable[[Any], Any]) -> Path:
    other = path.with_name("other.h5")
    shutil.copy(path, other)
    with h5py.File(other, "r+") as file:
        dataset = file[name]
        dataset[...] = change(dataset.asstr()[...] if dataset.dtype.kind == "O" else dataset[...])
    return other


def test_any_dataset_whose_values_moved_is_refused(table: Path) -> None:
    found = datasets(table)
    kinds = {name.rpartition("/")[2] for name in found}
    assert kinds == {"values", "texts", "codes", "labels"}
    for name in found:
        text = refusal(read_table, changed(table, name, lambda kept: np.roll(kept, 1)))
        assert f"corrupt: block 0 of {name}; convert the data again" in text


def test_the_block_of_a_changed_value_is_reported_and_others_are_read(table: Path) -> None:
    def one(kept: Any) -> Any:
        kept[40] += 1
        return kept

    other = changed(table, "columns/0/values", one)
    assert "block 2 of columns/0/values" in refusal(read_table, other)
    with table_file.TableFile.open(other) as file:
        assert file.block(["x"], 0, 32).rows == 32
        assert "block 2 of columns/0/values" in refusal(file.block, ["x"], 47, 48)


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [("/", "rows", 91), ("/", "options", "{}"), ("columns/0", "name", "z"), ("columns/1", "kind", "number")],
)
def test_changed_attributes_are_refused(table: Path, place: str, name: str, value: object) -> None:
    with h5py.File(table, "r+") as file:
        file[place].attrs[name] = value
    assert "convert the data again" in refusal(read_table, table)


@pytest.mark.parametrize("name", ["contents", "complete"])
def test_a_file_that_was_not_written_to_its_end_is_refused(table: Path, name: str) -> None:
    with h5py.File(table, "r+") as file:
        del file[name]
    assert "incomplete: the write did not finish; convert the data again" in refusal(read_table, table)


def test_a_file_of_an_older_version_is_read_without_checksums(table: Path, tmp_path: Path) -> None:
    expected = values(table)
    with h5py.File(table, "r+") as file:
        del file["contents"], file["complete"]
    assert values(table) == expected
    assert values(changed(table, "columns/0/values", lambda kept: np.roll(kept, 1)))["x"] != expected["x"]


def test_rows_of_a_table_are_the_same_with_and_without_checksums(table: Path, tmp_path: Path) -> None:
    given = DataOptions(str(table), ignore=("name",), stream=True, cache=str(tmp_path / "cache"))
    expected = bits(load_data(given, 1))[1:]
    with h5py.File(table, "r+") as file:
        del file["contents"], file["complete"]
    assert bits(load_data(given, 1))[1:] == expected
