"""Streamed rows of a small file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.streaming import dataset_writer, streamed_table
from nntrain.data.streaming.cache_file import to_json

ROWS = 90


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few rows, of which encoding makes some at a time."""
    monkeypatch.setattr(streamed_table, "STEP_ROWS", 32)
    monkeypatch.setattr(streamed_table, "CHUNK_CELLS", 100)
    monkeypatch.setattr(dataset_writer, "BLOCK_BYTES", 200)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """Numbers, categories that are looked up, a weight, and a target."""
    lines = ["id,x,city,w,y"]
    lines += [
        f"{row:03},{(row * 37 % 51 + 1) / 8},{'abcdefgh'[row % 8]},{row % 3 + 1},{'yn'[row * 7 % 5 > 2]}"
        for row in range(ROWS)
    ]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def options(path: Path, **said: Any) -> DataOptions:
    said = {"sample_weight": "w", "ignore": ("id",), "one_hot_limit": 2, **said}
    return DataOptions(str(path), stream=True, cache=str(path.parent / "cache"), **said)


def loaded(given: DataOptions, seed: int = 1, schema: Any = None) -> tuple[DatasetSplits, list[str]]:
    told: list[str] = []
    return load_data(given, seed, schema, report=told.append), told


def bits(prepared: DatasetSplits) -> list[bytes]:
    """The schema, and every array of every part."""
    parts = prepared.datasets.values()
    return [to_json(prepared.preprocessor.state()).encode()] + [
        array[:].tobytes() for part in parts for array in part.full_batch.arrays
    ]


def the_file(given: DataOptions) -> Path:
    (path,) = Path(str(given.cache)).glob("*.h5")
    return path


def is_found(given: DataOptions, seed: int = 1, schema: Any = None) -> bool:
    return "written by an earlier run" in loaded(given, seed, schema)[0].notes[-1]


def copies(given: DataOptions) -> tuple[Path, bytes]:
    path = the_file(given)
    return path, path.read_bytes()
