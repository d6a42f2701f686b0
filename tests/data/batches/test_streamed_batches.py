"""Streamed batches: every row once an epoch, in an order that follows from seed and epoch, from any place in it."""

from __future__ import annotations

import gc
import json
import os
import threading
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.data.data_loader import DataLoader
from nntrain.data.dataset import Dataset
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.streaming import block_sampler, dataset_writer
from nntrain.data.streaming.cache_file import VERSION, CachedDataset, CacheFile, to_json
from nntrain.data.streaming.checksummed_array import write_contents
from nntrain.data.streaming.dataset_writer import DatasetWriter
from tests.data.conftest import refusal

SCHEMA = ArrayPreprocessor.fit(np.zeros((2, 4)), np.arange(2))


def as_is(array: np.ndarray) -> np.ndarray:
    return array


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 7 rows, of which four are shuffled together."""
    monkeypatch.setattr(dataset_writer, "BLOCK_BYTES", 7 * 24)
    monkeypatch.setattr(block_sampler, "MAX_GROUP_BYTES", 4 * 7 * 24)


def stored(folder: Path, rows: int, table: bool = False) -> CachedDataset:
    x = np.arange(rows * 4, dtype=np.float32).reshape(rows, 4)
    inputs = [x, np.arange(rows)] if table else x
    path = folder / "rows.h5"
    with h5py.File(path, "w") as file:
        part = DatasetWriter(file.create_group("train"), first := Dataset(inputs, np.arange(rows), rows), rows)
        part.add(first)
        contents = {"version": VERSION, "key": "key", "schema": to_json(SCHEMA.state()), "notes": []}
        write_contents(file, contents | {"parts": {"train": part.describe()}})
    return CacheFile(path).datasets["train"]


def run(batches: DataLoader) -> list[list[int]]:
    """The targets of all batches that are left in the epoch; inputs and targets belong together."""
    found = []
    while (batch := batches.next_batch()) is not None:
        inputs, targets, _ = batch
        dense = inputs[0] if isinstance(inputs, list) else inputs
        np.testing.assert_array_equal(dense[:, 0], targets * 4)
        found.append(targets.tolist())
    return found


@pytest.mark.parametrize("table", [False, True])
@pytest.mark.parametrize("size", [1, 3, 28, 64, 1000])
@pytest.mark.parametrize("rows", [1, 2, 7, 28, 29, 100, 203])
def test_every_row_comes_once_an_epoch_in_batches_as_in_memory(tmp_path, rows, size, table):
    part = stored(tmp_path, rows, table)
    batches = DataLoader(part, size, 5, as_is)
    found = run(batches)
    memory = DataLoader(Dataset(np.arange(rows * 4.0).reshape(rows, 4), np.arange(rows), rows), size, 5, as_is)
    assert sorted(row for batch in found for row in batch) == list(range(rows))
    assert [len(batch) for batch in found] == [len(batch) for batch in run(memory)]
    assert len(batches) == len(found)


def test_the_order_follows_from_seed_and_epoch(tmp_path):
    part = stored(tmp_path, 203)
    batches = DataLoader(part, 10, 5, as_is)
    first = run(batches)
    batches.start_epoch(1)
    second = run(batches)
    batches.start_epoch(0)
    assert run(batches) == first != second
    assert run(DataLoader(part, 10, 6, as_is)) != first
    assert run(DataLoader(part, 10, 5, as_is)) == first


def test_a_group_of_blocks_is_shuffled_together(tmp_path):
    rows = [row for batch in run(DataLoader(stored(tmp_path, 280), 10, 5, as_is)) for row in batch]
    groups = [rows[start : start + 28] for start in range(0, 280, 28)]
    for group in groups:
        assert len({row // 7 for row in group}) == 4
        assert group != sorted(group)


@pytest.mark.parametrize("position", [0, 1, 2, 3, 9, 19, 20])
def test_a_restored_place_goes_on_with_the_same_rows(tmp_path, position):
    part = stored(tmp_path, 203)
    batches = DataLoader(part, 10, 5, as_is)
    batches.start_epoch(3)
    for _ in range(position):
        batches.next_batch()
    state = json.loads(json.dumps(batches.state()))
    assert state == {"epoch": 3, "position": position, "size": 10}
    other = DataLoader(part, 10, 5, as_is)
    other.next_batch()
    other.restore(state)
    assert run(other) == run(batches)


def test_batches_are_gathered_into_the_same_memory(tmp_path):
    batches = DataLoader(stored(tmp_path, 100), 10, 5, as_is)
    (first, *_), (second, targets, _) = (batches.next_batch() for _ in range(2))
    assert np.shares_memory(first, second)
    assert (first.dtype, targets.dtype) == (np.float32, np.int64)


def test_the_network_s_type_is_honoured(tmp_path):
    batches = DataLoader(stored(tmp_path, 100), 10, 5, lambda a: a.astype(float) if a.dtype.kind == "f" else a)
    inputs, targets, _ = batches.next_batch()
    assert (inputs.dtype, targets.dtype) == (np.float64, np.int64)


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("nntrain-reader")]


def test_the_reader_ends_with_the_batches(tmp_path):
    # Other batches of this process may not be collected yet.
    others = set(readers())
    batches = DataLoader(stored(tmp_path, 203), 10, 5, as_is)
    batches.next_batch()
    own = set(readers()) - others
    assert own
    del batches
    gc.collect()
    for thread in own:
        thread.join()
    assert not own & set(readers())


def test_an_error_of_the_reader_is_one_line(tmp_path):
    part = stored(tmp_path, 203)
    batches = DataLoader(part, 10, 5, as_is)
    batches.next_batch()
    os.truncate(tmp_path / "rows.h5", 1000)
    text = refusal(lambda: run(batches))
    assert f"the cache file {tmp_path / 'rows.h5'} is corrupt" in text
