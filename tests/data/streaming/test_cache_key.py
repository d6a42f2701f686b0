"""The name of a file of the cache follows from all that decides the bits of the rows in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.streaming import dataset_cache
from tests.data.streaming.conftest import bits, is_found, loaded, options


@pytest.mark.parametrize(
    "change",
    [
        {"validation": 0.2},
        {"test": 0.2},
        {"stratify": False},
        {"folds": 3, "fold": 1},
        {"folds": 3, "fold": 2},
        {"split": "hash", "split_column": "id"},
        {"one_hot_limit": 9},
        {"number_scaling": "standard"},
        {"target": "city"},
        {"target": "x", "target_transform": "log"},
        {"positive": "y"},
        {"sample_weight": None},
        {"ignore": ("id", "city")},
        {"dtype": "float64"},
        {"file": FileOptions(delimiter=",")},
        {"columns": {"x": ColumnOptions(missing=("1.0",))}},
        {"columns": {"city": ColumnOptions(type="text")}},
    ],
)
def test_every_option_that_decides_the_rows_is_in_the_key(csv: Path, change: dict[str, Any]) -> None:
    given = options(csv)
    loaded(given)
    assert is_found(given)
    other = replace(given, **change)
    assert not is_found(other)
    assert is_found(other)
    assert bits(loaded(other)[0]) == bits(loaded(replace(other, cache=str(csv.parent / "fresh")))[0])


def test_the_seed_and_every_byte_of_every_file_are_in_the_key(csv: Path) -> None:
    test = csv.with_name("test.csv")
    test.write_bytes(csv.read_bytes())
    given = options(csv, test_path=str(test))
    loaded(given)
    assert is_found(given)
    assert not is_found(given, 2)
    for path in (csv, test):
        known, before = path.stat(), path.read_bytes()
        path.write_bytes(before.replace(b",a,", b",b,", 1))
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
        assert not is_found(given)
        path.write_bytes(before)
        assert is_found(given)


def test_the_time_and_the_folder_of_a_file_are_not_in_the_key_of_its_rows(csv: Path) -> None:
    given = options(csv)
    schema = loaded(given)[0].preprocessor
    os.utime(csv, ns=(0, 0))
    assert is_found(given)
    moved = csv.parent / "moved"
    moved.mkdir()
    csv.rename(moved / csv.name)
    assert is_found(replace(given, path=str(moved / csv.name)), schema=schema)
    # The name decides which reader takes the file.
    (moved / csv.name).rename(moved / "rows.tsv")
    assert not is_found(replace(given, path=str(moved / "rows.tsv")), schema=schema)


@pytest.mark.parametrize("name", ["nntrain", "numpy", "duckdb", "VERSION"])
def test_versions_are_in_the_key(csv: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    given = options(csv)
    schema = loaded(given)[0].preprocessor
    if name == "nntrain":
        monkeypatch.setattr(dataset_cache, "__version__", "99")
    elif name == "VERSION":
        monkeypatch.setattr(dataset_cache, "VERSION", 99)
    else:
        version = dataset_cache.version
        monkeypatch.setattr(dataset_cache, "version", lambda asked: "99" if asked == name else version(asked))
    assert not is_found(given, schema=schema)
    assert not is_found(given)
    assert is_found(given)


def test_how_the_column_is_read_that_splits_the_rows_is_in_the_key(csv: Path) -> None:
    by_text = options(csv, split="hash", split_column="id", validation=0.2, test=0.2)
    by_number = replace(by_text, columns={"id": ColumnOptions(type="number")})
    assert bits(loaded(by_text)[0]) != bits(loaded(by_number)[0])
    for given in (by_text, by_number):
        assert is_found(given)
        assert bits(loaded(given)[0]) == bits(loaded(replace(given, cache=str(csv.parent / "fresh")))[0])
