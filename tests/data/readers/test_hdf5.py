"""Arrays from HDF5 files, and their preprocessing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.data.loading import load_data, load_dataset
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.errors import DataError
from tests.data.conftest import refusal

X = np.random.default_rng(0).normal(7, 3, (30, 4))
Y = np.arange(30) % 3
IMAGES = np.random.default_rng(0).integers(0, 256, (30, 1, 5, 5), dtype=np.uint8)


@pytest.mark.parametrize("names", [("inputs", "targets"), ("data", "label"), ("x", "y")])
def test_inputs_and_targets_lie_at_the_root(arrays, names):
    part = read_hdf5(arrays(**{names[0]: X, names[1]: Y}))["all"]
    np.testing.assert_array_equal(part.inputs.values, X)
    np.testing.assert_array_equal(part.targets, Y)


def test_or_in_groups(arrays):
    path = arrays(train__x=X, train__y=Y, validation__x=X[:5], validation__y=Y[:5], test__data=X[:3])
    parts = read_hdf5(path)
    assert {name: len(part.inputs) for name, part in parts.items()} == {"train": 30, "validation": 5, "test": 3}
    assert parts["test"].targets is None


def test_or_at_any_path(arrays):
    path = arrays(deep__er__features=X, answers=Y)
    part = read_hdf5(path, inputs="/deep/er/features", targets="answers")["all"]
    np.testing.assert_array_equal(part.inputs.values, X)
    path = arrays(train__images=X, train__labels=Y, test__images=X, test__labels=Y)
    assert list(read_hdf5(path, inputs="images", targets="labels")) == ["train", "test"]


def test_hdf5_is_recognized_by_name_or_by_its_first_bytes(arrays, tmp_path, write):
    other = arrays(x=X, y=Y).rename(tmp_path / "noname")
    assert DataFile.open(other).format == "hdf5"
    assert DataFile.open(write("t.hdf5", "a\n1\n")).format == "hdf5"
    assert DataFile.open(write("t.csv", "a\n1\n")).format == "csv"


NAN = np.where(np.arange(30) == 7, np.nan, 1.0)

BAD = {
    "no datasets": ({"foo": X}, {}, "expected datasets inputs and targets"),
    "no such inputs": ({"foo": X}, {"inputs": "/fo"}, "no dataset '/fo' for the inputs; did you mean '/foo'?"),
    "no such targets": ({"x": X, "y": Y}, {"targets": "z"}, "no dataset 'z' for the targets next to '/x'"),
    "lengths": ({"x": X, "y": Y[:9]}, {}, "'/x' has 30 rows and '/y' has 9"),
    "infinite inputs": ({"x": NAN * np.inf, "y": Y}, {}, "'/x' has infinity, first in row [0]"),
    "nan in targets": ({"x": X, "y": NAN}, {}, "'/y' has NaN or infinity, first in row [7]"),
    "text as inputs": ({"x": np.array([b"a"] * 30), "y": Y}, {}, "'/x' has the type |S1; expected numbers"),
    "an empty target": ({"x": X, "y": np.array([b"a", b""] * 15)}, {}, "'/y' is empty in 15 rows"),
    "no rows": ({"x": X[:0], "y": Y[:0]}, {}, "'/x' has the shape (0, 4)"),
    "a scalar": ({"x": np.float64(3), "y": Y}, {}, "'/x' has the shape ()"),
}


@pytest.mark.parametrize(("datasets", "options", "message"), BAD.values(), ids=BAD)
def test_a_bad_hdf5_file_is_refused_in_one_line(arrays, datasets, options, message):
    path = arrays(**datasets)
    text = refusal(read_hdf5, path, **options)
    assert text.startswith(f"{path}: ")
    assert message in text


def test_a_file_that_is_not_hdf5_or_cut_short_is_refused(arrays, write, tmp_path):
    assert "not an HDF5 file" in refusal(read_hdf5, write("t.h5", "hello"))
    assert "is empty" in refusal(read_hdf5, write("t.h5", ""))
    assert "no such file" in refusal(read_hdf5, tmp_path / "nope.h5")
    whole = arrays(x=X, y=Y).read_bytes()
    assert "not an HDF5 file, or a corrupt one" in refusal(read_hdf5, write("cut.h5", whole[: len(whole) // 2]))


def test_links_objects_and_values_in_other_files_are_refused(tmp_path, arrays):
    arrays(x=X, y=Y)
    path = tmp_path / "links.h5"
    with h5py.File(path, "w") as file:
        file["soft/x"] = h5py.SoftLink("/real")
        file["external/x"] = h5py.ExternalLink("arrays.h5", "/x")
        file["strings/x"] = np.array(["a", "b"], dtype=h5py.string_dtype())
        file["real"] = X
        layout = h5py.VirtualLayout(shape=X.shape, dtype=X.dtype)
        layout[...] = h5py.VirtualSource("arrays.h5", "x", shape=X.shape)
        file.create_virtual_dataset("virtual/x", layout)
    for place in ("soft", "external"):
        linked = f"/{place}/x: expected a group or a dataset of this file, got a link"
        assert linked in refusal(read_hdf5, path, inputs=f"{place}/x")
    assert "has the type object; expected numbers" in refusal(read_hdf5, path, inputs="strings/x")
    assert "got references to other files" in refusal(read_hdf5, path, inputs="virtual/x")


def test_images_of_bytes_are_divided_by_255():
    encoded = ArrayPreprocessor.fit(IMAGES, Y).encode_inputs(IMAGES)
    assert (encoded.dtype, encoded.shape) == (np.float32, IMAGES.shape)
    np.testing.assert_allclose(encoded, IMAGES / 255, rtol=1e-6)


def test_features_are_standardised_one_by_one():
    inputs = np.column_stack([X, np.full(30, 5.0)])
    encoded = ArrayPreprocessor.fit(inputs, Y).encode_inputs(inputs)
    np.testing.assert_allclose(encoded.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(encoded.std(axis=0), [1, 1, 1, 1, 0], atol=1e-6)


def test_other_arrays_have_one_mean_and_deviation():
    inputs = X.reshape(30, 2, 2)
    encoded = ArrayPreprocessor.fit(inputs, Y).encode_inputs(inputs)
    np.testing.assert_allclose(encoded, (inputs - X.mean()) / X.std(), rtol=1e-5)


def test_whole_numbers_are_features_like_others_and_one_number_a_row_is_a_feature():
    assert ArrayPreprocessor.fit(X.astype(np.int32), Y).encode_inputs(X.astype(np.int32)).dtype == np.float32
    assert ArrayPreprocessor.fit(X[:, 0], Y).encode_inputs(X[:, 0]).shape == (30, 1)


@pytest.mark.parametrize(
    ("targets", "task", "expected", "shape"),
    [
        (Y, "auto", "classification", (30,)),
        (Y[:, None], "auto", "classification", (30,)),
        (Y.astype(np.uint8), "auto", "classification", (30,)),
        (Y % 2 == 0, "auto", "classification", (30,)),
        (Y * 1.0, "auto", "regression", (30, 1)),
        (Y * 1.0, "classification", "classification", (30,)),
        (Y, "regression", "regression", (30, 1)),
        (np.arange(30), "auto", "regression", (30, 1)),
        (X, "auto", "regression", (30, 4)),
    ],
)
def test_the_task_follows_from_the_targets(targets, task, expected, shape):
    schema = ArrayPreprocessor.fit(X, targets, DataOptions("", task=task))
    encoded = schema.encode_target(targets)
    assert (schema.target.task, encoded.shape) == (expected, shape)
    assert encoded.dtype == (np.int64 if expected == "classification" else np.float32)
    assert (task == "auto") == any(expected in note for note in schema.notes)


def test_labels_keep_their_names():
    schema = ArrayPreprocessor.fit(X, Y * 5)
    assert schema.target.labels == ["0", "5", "10"]
    np.testing.assert_array_equal(schema.encode_target(Y * 5), Y)


def test_numbers_come_back_in_their_units():
    schema = ArrayPreprocessor.fit(X, X)
    np.testing.assert_allclose(schema.target.decode(schema.encode_target(X)), X, atol=1e-5)


@pytest.mark.parametrize(("inputs", "targets"), [(X, Y), (IMAGES, Y), (X.reshape(30, 2, 2), X)])
def test_a_restored_schema_encodes_the_same(inputs, targets):
    schema = ArrayPreprocessor.fit(inputs, targets)
    restored = restore_preprocessor(schema.state())
    np.testing.assert_array_equal(restored.encode_inputs(inputs), schema.encode_inputs(inputs))
    np.testing.assert_array_equal(restored.encode_target(targets), schema.encode_target(targets))
    assert (restored.notes, restored.count_unseen(), restored.get_index_sizes()) == (schema.notes, {}, [])


def test_arrays_that_do_not_fit_the_training_rows_are_refused():
    schema = ArrayPreprocessor.fit(X, Y)
    assert "expected rows of shape (4,) as in training, got (3,)" in refusal(schema.encode_inputs, X[:, :3])
    assert "got uint8" in refusal(schema.encode_inputs, X.astype(np.uint8))
    assert "the class '7' is not in the training rows" in refusal(schema.encode_target, Y + 7)
    assert "expected 4 numbers per row, got 1" in refusal(ArrayPreprocessor.fit(X, X).encode_target, X[:, 0])
    assert "expected at least two classes" in refusal(ArrayPreprocessor.fit, X, Y * 0)
    assert "expected the shape (n,) or (n, k)" in refusal(ArrayPreprocessor.fit, X, IMAGES)
    assert "expected the shape (n,), or one 1 in each row of (n, 4)" in refusal(
        ArrayPreprocessor.fit, X, X, DataOptions("", task="classification")
    )


@pytest.mark.parametrize(("dims", "shape"), [("NCHW", (30, 3, 4, 5)), ("NHW", (30, 4, 5)), ("NHWC", (30, 4, 5, 3))])
@pytest.mark.parametrize("labelled", [False, True])
def test_images_come_with_their_channels_first(
    dims: Any, shape: tuple[int, ...], labelled: bool, tmp_path: Path
) -> None:
    images = np.random.default_rng(1).integers(0, 255, shape).astype(np.uint8)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["inputs"], file["targets"] = images, np.arange(30) % 2
        for axis, letter in enumerate(dims if labelled else ""):
            file["inputs"].dims[axis].label = {"N": "batch", "C": "channel", "H": "height", "W": "width"}[letter]
    prepared = load_data(DataOptions(str(tmp_path / "data.h5"), dims=None if labelled else dims, test=0), 1)
    assert prepared.train.inputs.shape[1:] == (3 if "C" in dims else 1, 4, 5)
    again = type(prepared.preprocessor).restore(prepared.preprocessor.state())
    inputs = load_dataset(tmp_path / "data.h5", again, need_targets=False).inputs
    wanted = images[:, None] if dims == "NHW" else images if dims == "NCHW" else images.transpose(0, 3, 1, 2)
    np.testing.assert_allclose(inputs, wanted / 255, rtol=1e-6)


def test_dims_that_do_not_fit_are_reported(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["inputs"], file["targets"] = np.zeros((30, 4)), np.arange(30) % 2
    with pytest.raises(DataError, match=r"data\.h5: inputs: expected 4 axes for dims 'NHWC', got the shape \(30, 4\)"):
        load_data(DataOptions(str(tmp_path / "data.h5"), dims="NHWC"), 1)
