"""Random and stratified splits, from a seed."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.splits.split_indices import SplitIndices, split_randomly
from tests.data.conftest import refusal


def parts(cut: SplitIndices) -> list[np.ndarray]:
    return [cut.train, cut.validation, cut.test]


@pytest.mark.parametrize("labels", [None, np.arange(101) % 4])
def test_every_row_is_in_one_part_and_parts_are_ascending(labels):
    cut = parts(split_randomly(101, validation=0.2, test=0.1, seed=3, labels=labels))
    assert sorted(np.concatenate(cut)) == list(range(101))
    assert all((np.diff(part) > 0).all() for part in cut)
    assert abs(len(cut[1]) - 20.2) <= 1
    assert abs(len(cut[2]) - 10.1) <= 1


def test_a_split_follows_from_its_seed():
    one, same, other = (split_randomly(50, validation=0.2, test=0.2, seed=seed, labels=None) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(parts(one), parts(same), strict=True))
    assert not np.array_equal(one.test, other.test)


@pytest.mark.parametrize("shares", [(0.15, 0.15), (0.3, 0.05), (0.45, 0.45), (0.2, 0.0), (0.0, 0.25), (0.01, 0.01)])
def test_a_stratified_split_keeps_every_class_in_proportion(shares):
    labels = np.repeat(np.arange(6), [3, 4, 5, 17, 100, 1000])
    np.random.default_rng(0).shuffle(labels)
    cut = split_randomly(len(labels), validation=shares[0], test=shares[1], seed=0, labels=labels)
    for label, size in enumerate([3, 4, 5, 17, 100, 1000]):
        assert (labels[cut.train] == label).any()
        for part, share in zip(parts(cut)[1:], shares, strict=True):
            count = int((labels[part] == label).sum())
            assert abs(count - size * share) <= 1
            assert (count > 0) == (share > 0)


def test_the_sum_of_many_small_classes_is_in_proportion():
    labels = np.repeat(np.arange(100), 8)
    cut = split_randomly(800, validation=0.2, test=0.3, seed=0, labels=labels)
    assert abs(len(cut.validation) - 160) <= 1
    assert abs(len(cut.test) - 240) <= 1


def test_a_class_of_one_or_two_rows_is_for_training():
    labels = np.array([0] * 20 + [1] + [2, 2])
    assert set(range(20, 23)) <= set(split_randomly(23, validation=0.2, test=0.2, seed=0, labels=labels).train.tolist())


def test_three_rows_make_three_parts_and_two_do_not():
    assert [len(part) for part in parts(split_randomly(3, validation=0.1, test=0.1, seed=0, labels=None))] == [1, 1, 1]
    text = refusal(split_randomly, 2, validation=0.1, test=0.1, seed=0, labels=None)
    assert "the validation set is empty after splitting 2 rows" in text
    assert "--set data.validation=0" in text


def test_classes_of_which_none_can_be_in_all_parts_are_reported():
    text = refusal(split_randomly, 40, validation=0.1, test=0.1, seed=0, labels=np.arange(40) // 2)
    assert "20 distinct values in 40 rows, none of them 3 times, so no class can be in all sets" in text
    assert "predict another column" in text
    cut = split_randomly(40, validation=0, test=0, seed=0, labels=np.arange(40) // 2)
    assert len(cut.train) == 40


def test_without_shares_all_rows_train():
    cut = split_randomly(4, validation=0, test=0, seed=0, labels=None)
    assert [len(part) for part in parts(cut)] == [4, 0, 0]


def told(cut: SplitIndices, labels: np.ndarray) -> str:
    assert sorted(np.concatenate(parts(cut))) == list(range(len(labels)))
    return " | ".join(cut.notes)


def test_small_classes_that_take_more_than_the_fraction_are_reported_with_the_key():
    labels = np.repeat(np.arange(40), 4)
    cut = split_randomly(160, validation=0.15, test=0.1, seed=1, labels=labels)
    assert [len(part) for part in parts(cut)] == [80, 40, 40]
    why = "it has at least one row of each of 40 classes; to ignore the classes: --set data.stratify=false"
    assert cut.notes == [
        f"the validation set has 40 of 160 rows (25.0%) instead of the 15.0% of data.validation = 0.15: {why}",
        f"the test set has 40 of 160 rows (25.0%) instead of the 10.0% of data.test = 0.1: {why}",
    ]
    free = split_randomly(160, validation=0.15, test=0.1, seed=1, labels=None)
    assert ([len(part) for part in parts(free)], free.notes) == ([120, 24, 16], [])


@pytest.mark.parametrize(("rows", "classes"), [(10, 5), (7, 30), (100, 3), (20, 1), (1000, 2)])
@pytest.mark.parametrize("shares", [(0.15, 0.15), (0.2, 0.0), (0.1, 0.3)])
def test_a_fraction_is_honored_or_its_reason_is_reported(rows, classes, shares):
    labels = np.repeat(np.arange(classes), rows)
    cut = split_randomly(len(labels), validation=shares[0], test=shares[1], seed=1, labels=labels)
    for name, part, share in zip(("validation", "test"), parts(cut)[1:], shares, strict=True):
        honored = abs(len(part) - share * len(labels)) <= 1
        assert honored or f"the {name} set has {len(part):,} of {len(labels):,} rows" in told(cut, labels)


def test_classes_too_small_for_all_parts_are_reported():
    labels = np.array([0] * 40 + [1] * 40 + [2, 2, 3])
    cut = split_randomly(83, validation=0.2, test=0.2, seed=0, labels=labels)
    assert cut.notes == [
        "2 classes have fewer than 3 rows, which are all training rows: the other scores do not cover them"
    ]
    many = np.concatenate([np.repeat(np.arange(40), 2), np.full(40, 40)])
    cut = split_randomly(120, validation=0.2, test=0.2, seed=0, labels=many)
    assert [len(part) for part in parts(cut)] == [104, 8, 8]
    assert "the test set has 8 of 120 rows (6.7%) instead of the 20.0% of data.test = 0.2: the rows of small" in told(
        cut, many
    )
    assert "40 classes have fewer than 3 rows" in told(cut, many)


def test_the_reason_is_among_the_notes_of_the_rows_from_memory_and_from_the_disk(write, tmp_path):
    path = str(write("t.csv", "x,y\n" + "".join(f"{row * 7 % 160}.5,c{row % 40}\n" for row in range(160))))
    for stream in (False, True):
        prepared = load_data(DataOptions(path, stream=stream, cache=str(tmp_path / "cache")), seed=1)
        found = [note for note in prepared.notes if "= 0.15: it has at least one row of each of 40 classes" in note]
        assert [note.partition(" set")[0] for note in found] == ["the validation", "the test"]
    assert not any("instead of" in note for note in load_data(DataOptions(path, stratify=False), seed=1).notes)


def test_keys_that_stay_together_are_the_reason(write):
    rows = "".join(f"{row * 7 % 160}.5,{row / 3},k{row // 40}\n" for row in range(160))
    path = str(write("t.csv", "x,y,key\n" + rows))
    prepared = load_data(DataOptions(path, target="y", split="time", split_column="x"), seed=1)
    assert not any("instead of" in note for note in prepared.notes)
    prepared = load_data(DataOptions(path, target="y", split_column="key", validation=0.32, test=0.3), seed=1)
    counts = {"validation": prepared.validation.rows, "test": prepared.test.rows}
    for name, count in counts.items():
        asked = 160 * {"validation": 0.32, "test": 0.3}[name]
        why = f"the {name} set has {count} of 160 rows"
        told = [note for note in prepared.notes if note.startswith(why)]
        assert len(told) == (abs(count - asked) > 1)
        assert all(note.endswith("rows with the same 'key' are kept together") for note in told)


def test_a_split_takes_seven_bytes_a_row(monkeypatch):
    monkeypatch.setattr("nntrain.data.splits.split_indices.MAX_BLOCK_ROWS", 2**12)
    monkeypatch.setattr("nntrain.data.splits.shuffled_rows.BLOCK_ROWS", 2**12)
    rows = 2_000_000
    labels = (np.arange(rows) % 3).astype(np.uint8)
    tracemalloc.start()
    try:
        cut = split_randomly(rows, validation=0.2, test=0.1, seed=0, labels=labels)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(map(len, parts(cut))) == rows
    # The numbers of all rows once, their parts, and the pieces; the labels are the caller's.
    assert peak < 6 * rows + 3_000_000
