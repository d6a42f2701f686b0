"""Labels of axes are read as any other attribute, and not as HDF5's own functions for them do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.errors import DataError

NAME = "DIMENSION_LABELS"


def images(path: Path, labels: Any, **options: Any) -> Path:
    """Images whose axes have labels."""
    with h5py.File(path, "w") as file:
        file["inputs"] = np.zeros((6, 4, 5, 3), "u1")
        file["targets"] = np.arange(6) % 2
        file["inputs"].attrs.create(NAME, labels, **options)
    return path


@pytest.mark.parametrize(
    ("labels", "options"),
    [
        (["x" * 50] * 3000, {"dtype": h5py.string_dtype()}),
        (["N"] * 5, {"dtype": h5py.string_dtype()}),
        (["N"], {"dtype": h5py.string_dtype()}),
        (np.arange(4) + 2**40, {}),
        (np.array([2.5e300] * 4), {}),
        ("NCHW", {}),
        (h5py.Empty("S4"), {}),
        (np.array([[b"N", b"H"], [b"W", b"C"]]), {}),
    ],
    ids=["3000", "one more", "fewer", "integers", "floats", "a scalar", "nothing", "two axes"],
)
def test_labels_that_do_not_fit_the_axes_are_refused(labels: Any, options: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"/inputs: the attribute {NAME}: expected a string for each of 4 axes"):
        read_hdf5(images(tmp_path / "rows.h5", labels, **options))


def test_long_labels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected labels of at most 1,024 bytes"):
        read_hdf5(images(tmp_path / "rows.h5", np.array([b"N" * 2000, b"H", b"W", b"C"])))


@pytest.mark.parametrize("kept", ["fixed", "by reference"])
def test_labels_of_either_kind_name_the_axes(kept: str, tmp_path: Path) -> None:
    words = ["batch", "height", "width", "channel"]
    labels = np.array(words, "S") if kept == "fixed" else words
    options = {} if kept == "fixed" else {"dtype": h5py.string_dtype()}
    assert read_hdf5(images(tmp_path / "rows.h5", labels, **options))["all"].dims == "NHWC"


def test_labels_as_hdf5_writes_them_name_the_axes(tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        file["inputs"], file["targets"] = np.zeros((6, 4, 5, 3), "u1"), np.arange(6) % 2
        for axis, label in enumerate(("N", "", "W", "C")):
            file["inputs"].dims[axis].label = label
    assert read_hdf5(path)["all"].dims is None
    with h5py.File(path, "r+") as file:
        file["inputs"].dims[1].label = "Höhe"
    assert read_hdf5(path)["all"].dims == "NHWC"
