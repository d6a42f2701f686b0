"""Arrays in HDF5 files as other programs lay them out: names, targets of text and one-hot rows, missing numbers."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from tests.data.conftest import refusal

X = np.random.default_rng(0).normal(7, 3, (60, 4))
Y = np.arange(60) % 3

NAMES = {
    "x_train": "y_train",
    "X_train": "Y_train",
    "train_x": "train_y",
    "data_train": "label_train",
    "train_set_x": "train_set_y",
    "inputs_training": "targets_training",
}


@pytest.mark.parametrize(("x", "y"), NAMES.items())
def test_the_parts_may_be_in_the_names_of_the_datasets(arrays, x, y):
    word = "training" if "training" in x else "train"
    kept = {}
    for part, rows in ((word, 60), ("val", 9), ("test", 12)):
        kept |= {x.replace(word, part): X[:rows], y.replace(word, part): Y[:rows]}
    path = arrays(**kept)
    assert {name: len(part.inputs) for name, part in read_hdf5(path).items()} == {
        "train": 60,
        "validation": 9,
        "test": 12,
    }
    found = load_data(DataOptions(str(path)), seed=1)
    assert (found.train.rows, found.validation.rows, found.test.rows) == (60, 9, 12)
    np.testing.assert_array_equal(found.test.targets, Y[:12])


def test_without_validation_rows_some_are_split_off(arrays):
    path = arrays(x_train=X, y_train=Y, x_test=X[:12], y_test=Y[:12])
    found = load_data(DataOptions(str(path), validation=0.2), seed=1)
    assert (found.train.rows, found.validation.rows, found.test.rows) == (48, 12, 12)


def test_capitals_make_no_difference_unless_both_are_there(arrays):
    part = read_hdf5(arrays(X=X, y=Y))["all"]
    np.testing.assert_array_equal(part.inputs.values, X)
    part = read_hdf5(arrays(X=X, x=X[:, :2], Y=Y, y=Y + 1))["all"]
    np.testing.assert_array_equal(part.inputs.values, X[:, :2])
    np.testing.assert_array_equal(part.targets, Y + 1)


WORDS = np.array(["ash", "birch", "ébène"], object)[Y]


@pytest.mark.parametrize("shape", [(60,), (60, 1)])
@pytest.mark.parametrize("dtype", [h5py.string_dtype(), "bytes"])
def test_texts_are_classes(tmp_path, shape, dtype):
    path = tmp_path / "t.h5"
    kept = np.array([word.encode() for word in WORDS]) if dtype == "bytes" else WORDS
    with h5py.File(path, "w") as file:
        file["x"] = X
        file.create_dataset("y", data=kept.reshape(shape), dtype=kept.dtype if dtype == "bytes" else dtype)
    found = load_data(DataOptions(str(path), validation=0.2, test=0), seed=1)
    assert found.preprocessor.target.labels == ["ash", "birch", "ébène"]
    assert found.preprocessor.target.counts == [16, 16, 16]
    assert restore_preprocessor(found.preprocessor.state()).target.labels == ["ash", "birch", "ébène"]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, bool])
def test_one_hot_rows_are_classes(arrays, dtype):
    path = arrays(x=X, y=np.eye(3)[Y].astype(dtype))
    found = load_data(DataOptions(str(path), validation=0.2, test=0.2), seed=1)
    assert found.preprocessor.target.task == "classification"
    assert found.preprocessor.target.labels == ["0", "1", "2"]
    assert np.bincount(found.test.targets).tolist() == [4, 4, 4]
    np.testing.assert_array_equal(found.preprocessor.encode_target(np.eye(3)[[2, 0]]), [2, 0])
    assert "one 1 in each row" in refusal(found.preprocessor.encode_target, np.array([[1, 1, 0]]))
    assert any("one-hot rows of 3 classes" in note for note in found.notes)


def test_other_rows_of_0_and_1_are_not_and_the_task_decides():
    flags = np.array([[1, 1, 0], [0, 1, 0]] * 5)
    assert ArrayPreprocessor.fit(X[:10], flags).target.task == "regression"
    assert (
        ArrayPreprocessor.fit(X, np.eye(3)[Y].astype(int), DataOptions("", task="multilabel")).target.task
        == "multilabel"
    )
    assert ArrayPreprocessor.fit(X, np.eye(3)[Y], DataOptions("", task="regression")).target.task == "regression"


def holed():
    """X without the numbers of some rows in features 1 and 3."""
    x = X.copy()
    x[::4, 1] = x[::5, 3] = np.nan
    return x


def test_missing_numbers_become_the_mean_and_are_flagged():
    x = holed()
    schema = ArrayPreprocessor.fit(x, Y)
    encoded = schema.encode_inputs(x)
    mean, std = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    expected = np.where(np.isnan(x), 0, (x - mean) / std)
    np.testing.assert_allclose(encoded, np.column_stack([expected, np.isnan(x[:, [1, 3]])]), rtol=1e-5, atol=1e-6)
    again = restore_preprocessor(schema.state())
    np.testing.assert_array_equal(again.encode_inputs(x), encoded)
    assert any("2 of 4 numbers of a row are missing (NaN) in some training rows" in note for note in schema.notes)


def test_a_number_missing_in_other_rows_alone_becomes_the_mean_too():
    schema = ArrayPreprocessor.fit(X, Y)
    np.testing.assert_array_equal(schema.encode_inputs(np.full((1, 4), np.nan)), np.zeros((1, 4)))
    full = {name: value for name, value in schema.state().items() if name != "flagged"}
    assert restore_preprocessor(full).flagged == []


def test_features_without_missing_numbers_are_encoded_as_ever():
    np.testing.assert_array_equal(
        ArrayPreprocessor.fit(holed(), Y).encode_inputs(X)[:, [0, 2]],
        ArrayPreprocessor.fit(X, Y).encode_inputs(X)[:, [0, 2]],
    )


def test_missing_pixels_become_the_mean_of_all_and_are_not_flagged():
    images = holed().reshape(60, 1, 2, 2)
    encoded = ArrayPreprocessor.fit(images, Y).encode_inputs(images)
    expected = np.where(np.isnan(images), 0, (images - np.nanmean(images)) / np.nanstd(images))
    np.testing.assert_allclose(encoded, expected, rtol=1e-5, atol=1e-6)


def test_missing_numbers_are_the_same_from_the_disk(arrays, tmp_path):
    path = str(arrays(x=holed(), y=Y))
    whole = load_data(DataOptions(path), seed=1)
    pieces = load_data(DataOptions(path, stream=True, cache=str(tmp_path / "cache")), seed=1)
    np.testing.assert_array_equal(whole.train.inputs, pieces.train.inputs[:])
    assert whole.train.inputs.shape[1] == 6
