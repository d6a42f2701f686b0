"""Arrays that do not fit into memory are split, fitted and encoded as those that do, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.data.loading import load_data
from nntrain.data.streaming import streamed_array
from tests.data.batches.test_streamed_rows import assert_same, options, streamed
from tests.data.conftest import refusal


def write_arrays(path: Path, **arrays: np.ndarray) -> Path:
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name.replace("__", "/")] = values
    return path


FLOATS = np.random.default_rng(1).normal(size=(300, 6)).astype(np.float32) * 50
PIXELS = np.random.default_rng(2).integers(0, 256, (300, 5, 4)).astype(np.uint8)
CLASSES = np.arange(300) * 7 % 3


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"x": FLOATS, "y": CLASSES}, {}),
        ({"x": FLOATS[:, 0], "y": FLOATS[:, 1]}, {}),
        ({"x": FLOATS.reshape(300, 2, 3), "y": FLOATS[:, :2]}, {"validation": 0.0}),
        ({"x": PIXELS, "y": CLASSES}, {"dims": "NHW"}),
        ({"train__x": PIXELS, "train__y": CLASSES, "test__x": PIXELS[:60], "test__y": CLASSES[:60]}, {}),
        ({"x": FLOATS, "y": CLASSES, "w": np.arange(300.0)}, {"sample_weight": "w"}),
    ],
)
def test_arrays_are_streamed_too(tmp_path, monkeypatch, arrays, said):
    monkeypatch.setattr(streamed_array, "CHUNK_CELLS", 200)
    given = options(write_arrays(tmp_path / "arrays.h5", **arrays), **said)
    whole, pieces = load_data(replace(given, stream=False), seed=3), streamed(given, seed=3)
    assert_same(whole, pieces)
    assert pieces.notes[:-1] == whole.notes


def test_a_number_that_is_not_finite_is_found_in_any_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(streamed_array, "CHUNK_CELLS", 200)
    wrong = FLOATS.copy()
    wrong[250, 3] = np.inf
    path = write_arrays(tmp_path / "arrays.h5", x=wrong, y=CLASSES)
    assert "'/x' has infinity, first in row [250]" in refusal(streamed, options(path))
