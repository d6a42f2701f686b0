"""Folds: every row is tested once, classes in proportion, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.splits.split_indices import split_k_fold
from tests.data.conftest import refusal

LABELS = np.repeat([0, 1, 2], [50, 30, 7])


def folds(rows: int, count: int, labels: np.ndarray | None, validation: float = 0.15, seed: int = 3):
    return [
        split_k_fold(rows, folds=count, fold=fold, validation=validation, seed=seed, labels=labels)
        for fold in range(1, count + 1)
    ]


@pytest.mark.parametrize("labels", [None, LABELS])
@pytest.mark.parametrize("count", [2, 5, 7])
def test_every_row_is_tested_once_and_in_one_part_of_each_fold(count, labels):
    found = folds(87, count, labels)
    assert sorted(np.concatenate([parts.test for parts in found]).tolist()) == list(range(87))
    for parts in found:
        together = np.concatenate([parts.train, parts.validation, parts.test])
        assert sorted(together.tolist()) == list(range(87))
        assert all((np.diff(index.astype(int)) > 0).all() for index in (parts.train, parts.validation, parts.test))


def test_folds_are_of_one_size_and_have_the_classes_in_proportion():
    found = folds(87, 5, LABELS)
    assert {len(parts.test) for parts in found} == {17, 18}
    for label, rows in enumerate([50, 30, 7]):
        counts = [(LABELS[parts.test] == label).sum() for parts in found]
        assert all(rows // 5 <= count <= -(-rows // 5) for count in counts)


def test_the_validation_part_is_a_share_of_the_rest():
    assert {len(parts.validation) for parts in folds(100, 5, None, validation=0.25)} == {20}
    assert {len(parts.validation) for parts in folds(100, 5, None, validation=0.0)} == {0}


def test_the_folds_follow_from_the_seed():
    first, again, other = (folds(87, 5, LABELS, seed=seed)[0].test.tolist() for seed in (3, 3, 4))
    assert first == again != other


def test_too_few_rows_are_reported():
    assert refusal(folds, 3, 5, None) == "expected at least 5 rows, one per fold, got 3"
    assert "got 1 with one row" in refusal(folds, 5, 2, np.array([0, 0, 1, 1, 2]))


def test_a_fold_of_a_file_is_its_test_part(write):
    path = write("rows.csv", "x,y\n" + "".join(f"{row * 7 % 60}.5,{'yes' if row % 3 else 'no'}\n" for row in range(60)))
    options = DataOptions(str(path), target="y", folds=4, fold=2)
    prepared = load_data(options, seed=1)
    assert [part.rows for part in (prepared.train, prepared.validation, prepared.test)] == [38, 7, 15]
    given = DataOptions(str(path), target="y", folds=4, fold=2, test_path=str(path))
    assert "folds are test rows" in refusal(load_data, given, 1)


def test_small_classes_are_reported_with_what_becomes_of_them():
    labels = np.repeat(np.arange(40), 4)
    for found in folds(160, 5, labels):
        assert found.notes[0] == "40 classes have fewer than 5 rows: some folds have no test row of them"
        assert f"the validation set has {len(found.validation)} of {160 - len(found.test)} rows" in found.notes[1]
    assert folds(87, 5, LABELS)[0].notes == []
