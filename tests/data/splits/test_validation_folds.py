"""Folds of the rows outside the test set: every row validates once, and the test rows stay the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from tests.data.conftest import refusal

ROWS = 120
FOLDS = 4


def write_rows(write) -> str:
    """Rows with a number of their own, 40 customers and three classes, of which one is small."""
    classes = ["rare" if row % 12 == 0 else "ab"[row % 2] for row in range(ROWS)]
    lines = [f"{row * 7 % 60}.5,customer {row % 40},{name}" for row, name in enumerate(classes)]
    return str(write("rows.csv", "\n".join(["number,customer,kind", *lines]) + "\n"))


def load_folds(options: DataOptions) -> list[DatasetSplits]:
    folds = range(1, FOLDS + 1)
    return [load_data(replace(options, validation_folds=FOLDS, validation_fold=fold), 7) for fold in folds]


WAYS = {"random": {}, "regardless of the class": {"stratify": False}, "hash": {"split_column": "customer"}}


@pytest.mark.parametrize("way", WAYS)
def test_every_row_outside_the_test_set_validates_once(write, way):
    options = DataOptions(path=write_rows(write), target="kind", ignore=("customer",), **WAYS[way])
    found = [splits.row_indices for splits in load_folds(options)]
    others = sorted(set(range(ROWS)) - set(found[0]["test"].tolist()))
    assert sorted(np.concatenate([rows["validation"] for rows in found]).tolist()) == others
    for rows in found:
        assert sorted(np.concatenate([rows["train"], rows["validation"]]).tolist()) == others


@pytest.mark.parametrize("way", WAYS)
def test_the_test_rows_are_those_without_folds(write, way):
    options = DataOptions(path=write_rows(write), target="kind", ignore=("customer",), **WAYS[way])
    plain = load_data(options, 7).row_indices["test"]
    assert len(plain) > 10
    for splits in load_folds(options):
        assert splits.row_indices["test"].tolist() == plain.tolist()


def test_the_rows_of_a_key_are_in_one_fold(write):
    options = DataOptions(path=write_rows(write), target="kind", split_column="customer")
    for splits in load_folds(options):
        customers = [{row % 40 for row in rows} for rows in splits.row_indices.values()]
        assert sum(map(len, customers)) == len(set.union(*customers)) == 40


def test_folds_have_the_classes_in_proportion(write):
    options = DataOptions(path=write_rows(write), target="kind")
    counts = [np.bincount(np.asarray(splits.validation.targets[:]), minlength=3) for splits in load_folds(options)]
    assert (np.ptp(counts, axis=0) <= 1).all()


def test_all_folds_are_encoded_by_one_preprocessor_that_has_not_seen_the_test_rows(write):
    options = DataOptions(path=write_rows(write), target="kind", ignore=("customer",))
    first, *others = (str(splits.preprocessor.state()) for splits in load_folds(options))
    assert set(others) == {first}
    test = load_data(options, 7).row_indices["test"].tolist()
    header, *lines = Path(options.path).read_text().splitlines()
    changed = [f"9{line}" if row in test else line for row, line in enumerate(lines)]
    path = write("changed.csv", "\n".join([header, *changed]) + "\n")
    assert str(load_folds(replace(options, path=str(path)))[0].preprocessor.state()) == first


@pytest.mark.parametrize("way", WAYS)
def test_streamed_rows_are_those_in_memory(write, tmp_path, way):
    options = DataOptions(path=write_rows(write), target="kind", ignore=("customer",), **WAYS[way])
    streamed = load_folds(replace(options, stream=True, cache=str(tmp_path / "cache")))
    for memory, disk in zip(load_folds(options), streamed, strict=True):
        assert disk.train.is_streamed
        for name, dataset in memory.datasets.items():
            np.testing.assert_array_equal(np.asarray(disk.datasets[name].inputs[:]), dataset.inputs)
            np.testing.assert_array_equal(np.asarray(disk.datasets[name].targets[:]), dataset.targets)


def test_small_classes_are_reported(write):
    lines = [f"{row * 7 % 40}.5,{'odd' if row in (5, 60) else 'ab'[row % 2]}" for row in range(80)]
    options = DataOptions(path=str(write("rows.csv", "\n".join(["x,y", *lines]) + "\n")), target="y")
    notes = load_data(replace(options, validation_folds=5, validation_fold=2), 1).notes
    assert "1 class has fewer than 5 rows: some validation folds have no row of them" in notes
    assert not any("data.validation" in note for note in notes)


def test_a_fold_without_rows_is_reported(write):
    options = DataOptions(path=write_rows(write), target="kind", split_column="customer", validation_folds=200)
    told = refusal(load_data, options, 1)
    assert "data.validation_folds: expected rows for each of 200 folds, got none for fold" in told
    assert told.endswith("with the same 'customer' in one fold; use fewer folds")


def test_validation_rows_of_their_own_are_reported(write):
    path = write_rows(write)
    for more, what in (
        ({"validation_path": path}, "its own validation rows"),
        ({"split": "time"}, "data.split = 'time'"),
    ):
        options = DataOptions(path=path, target="kind", split_column="number", validation_folds=3, **more)
        assert f"data.validation_folds conflicts with {what}" in refusal(load_data, options, 1)
