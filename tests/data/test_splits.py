"""Random and stratified splits, from a seed."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.splits import Splits, split
from tests.data.conftest import refusal


def parts(cut: Splits) -> list[np.ndarray]:
    return [cut.train, cut.validation, cut.test]


@pytest.mark.parametrize("labels", [None, np.arange(101) % 4])
def test_every_row_is_in_one_part_and_parts_are_ascending(labels):
    cut = parts(split(101, validation=0.2, test=0.1, seed=3, labels=labels))
    assert sorted(np.concatenate(cut)) == list(range(101))
    assert all((np.diff(part) > 0).all() for part in cut)
    assert abs(len(cut[1]) - 20.2) <= 1
    assert abs(len(cut[2]) - 10.1) <= 1


def test_a_split_follows_from_its_seed():
    one, same, other = (split(50, validation=0.2, test=0.2, seed=seed, labels=None) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(parts(one), parts(same), strict=True))
    assert not np.array_equal(one.test, other.test)


@pytest.mark.parametrize("shares", [(0.15, 0.15), (0.3, 0.05), (0.45, 0.45), (0.2, 0.0), (0.0, 0.25), (0.01, 0.01)])
def test_a_stratified_split_keeps_every_class_in_proportion(shares):
    labels = np.repeat(np.arange(6), [3, 4, 5, 17, 100, 1000])
    np.random.default_rng(0).shuffle(labels)
    cut = split(len(labels), validation=shares[0], test=shares[1], seed=0, labels=labels)
    for label, size in enumerate([3, 4, 5, 17, 100, 1000]):
        assert (labels[cut.train] == label).any()
        for part, share in zip(parts(cut)[1:], shares, strict=True):
            count = int((labels[part] == label).sum())
            assert abs(count - size * share) <= 1
            assert (count > 0) == (share > 0)


def test_the_sum_of_many_small_classes_is_in_proportion():
    labels = np.repeat(np.arange(100), 8)
    cut = split(800, validation=0.2, test=0.3, seed=0, labels=labels)
    assert abs(len(cut.validation) - 160) <= 1
    assert abs(len(cut.test) - 240) <= 1


def test_a_class_of_one_or_two_rows_is_for_training():
    labels = np.array([0] * 20 + [1] + [2, 2])
    assert set(range(20, 23)) <= set(split(23, validation=0.2, test=0.2, seed=0, labels=labels).train.tolist())


def test_three_rows_make_three_parts_and_two_do_not():
    assert [len(part) for part in parts(split(3, validation=0.1, test=0.1, seed=0, labels=None))] == [1, 1, 1]
    text = refusal(split, 2, validation=0.1, test=0.1, seed=0, labels=None)
    assert "no row is left for the validation part of 2 rows" in text
    assert "--set data.validation=0" in text


def test_classes_of_which_none_can_be_in_all_parts_are_told():
    text = refusal(split, 40, validation=0.1, test=0.1, seed=0, labels=np.arange(40) // 2)
    assert "20 different values in 40 rows, none of them 3 times: no class can be in all parts" in text
    assert "--set data.stratify=false" in text
    cut = split(40, validation=0, test=0, seed=0, labels=np.arange(40) // 2)
    assert len(cut.train) == 40


def test_without_shares_all_rows_train():
    cut = split(4, validation=0, test=0, seed=0, labels=None)
    assert [len(part) for part in parts(cut)] == [4, 0, 0]
