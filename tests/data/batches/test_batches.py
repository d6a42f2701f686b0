"""Batches: the order follows from seed and epoch, the state is a place in it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nntrain.data.data_loader import DataLoader
from nntrain.data.dataset import Dataset
from nntrain.errors import CheckpointError

ROWS = 10


def as_is(array: np.ndarray) -> np.ndarray:
    return array


def make(size: int = 3, seed: int = 5, rows: int = ROWS) -> DataLoader:
    return DataLoader(Dataset(np.arange(rows * 2.0).reshape(rows, 2), np.arange(rows), rows), size, seed, as_is)


def run(batches: DataLoader) -> list[list[int]]:
    """The targets of all batches that are left in the epoch."""
    found = []
    while (batch := batches.next_batch()) is not None:
        inputs, targets, _ = batch
        np.testing.assert_array_equal(inputs[:, 0], targets * 2)
        found.append(targets.tolist())
    return found


def test_every_row_comes_once_an_epoch():
    assert sorted(row for batch in run(make()) for row in batch) == list(range(ROWS))


def test_the_order_follows_from_seed_and_epoch():
    batches = make()
    first = run(batches)
    batches.start_epoch(1)
    second = run(batches)
    batches.start_epoch(0)
    assert run(batches) == first != second
    assert run(make(seed=6)) != first


@pytest.mark.parametrize(
    ("rows", "size", "sizes"),
    [
        (10, 3, [3, 3, 4]),
        (11, 3, [3, 3, 3, 2]),
        (9, 3, [3, 3, 3]),
        (4, 3, [4]),
        (2, 3, [2]),
        (1, 3, [1]),
        (3, 1, [1, 1, 1]),
    ],
)
def test_a_last_row_alone_joins_the_batch_before_it(rows, size, sizes):
    batches = make(size, 5, rows)
    assert [len(batch) for batch in run(batches)] == sizes
    assert len(batches) == len(sizes)


def test_a_restored_place_goes_on_with_the_same_rows():
    batches = make()
    batches.start_epoch(3)
    batches.next_batch()
    state = json.loads(json.dumps(batches.state()))
    assert state == {"epoch": 3, "position": 1, "size": 3}
    other = make()
    other.restore(state)
    assert run(other) == run(batches)


@pytest.mark.parametrize(("size", "position"), [(1, 3), (2, 1), (4, 0), (5, 0)])
def test_batches_of_another_size_go_on_where_as_many_rows_are_done(size, position):
    batches = make(size)
    batches.restore({"epoch": 1, "position": 1, "size": 3})
    assert batches.position == position


@pytest.mark.parametrize(
    "state", [{"epoch": -1, "position": 0}, {"epoch": 0, "position": 4}, {"epoch": "0", "position": 0}, {"epoch": 0}]
)
def test_a_place_that_there_is_not_is_refused(state):
    with pytest.raises(CheckpointError, match=r"^batches: "):
        make().restore(state)


def test_batches_are_gathered_into_the_same_memory():
    batches = make()
    (first, *_), (second, *_), (last, targets, _) = (batches.next_batch() for _ in range(3))
    assert np.shares_memory(first, second)
    assert np.shares_memory(first, last)
    assert (last.shape, targets.dtype) == ((4, 2), np.int64)
    assert last.flags.c_contiguous


def test_a_list_of_inputs_stays_a_list():
    batches = DataLoader(Dataset([np.zeros((10, 3), np.float32), np.arange(10)], np.arange(10), 10), 4, 1, as_is)
    (dense, index), targets, _ = batches.next_batch()
    assert dense.shape == (4, 3)
    np.testing.assert_array_equal(index, targets)


def test_weights_come_with_their_rows():
    batches = DataLoader(Dataset(np.zeros((10, 1)), np.arange(10), 10, weights=np.arange(10) / 4), 4, 1, as_is)
    while (batch := batches.next_batch()) is not None:
        np.testing.assert_array_equal(batch.weights, batch.targets / 4)
