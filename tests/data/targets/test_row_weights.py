"""The column that says how much a row counts."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.loading import load_data, load_dataset
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from tests.data.conftest import refusal

ROWS = 60
CSV = "x,w,t\n" + "".join(f"{i * 37 % 51 + 0.5},{i % 4},{'ab'[i % 3 == 0]}\n" for i in range(ROWS))
X, Y, W = np.random.default_rng(0).normal(size=(ROWS, 3)), np.arange(ROWS) % 2, np.arange(ROWS) / 7


def test_weights_come_with_their_rows_and_are_no_input(write, tmp_path):
    path = str(write("t.csv", CSV))
    prepared = load_data(DataOptions(path, target="t", sample_weight="w"), seed=1)
    assert [column.name for column in prepared.preprocessor.columns] == ["x"]
    parts = [prepared.train, prepared.validation, prepared.test]
    assert all(part.weights.shape == (part.rows,) and part.weights.dtype == np.float32 for part in parts)
    assert sorted(np.concatenate([part.weights for part in parts])) == sorted(np.arange(ROWS) % 4)
    again = load_data(
        DataOptions(path, target="t", sample_weight="w"),
        seed=1,
        preprocessor=restore_preprocessor(prepared.preprocessor.state()),
    )
    streamed = load_data(
        DataOptions(path, target="t", sample_weight="w", stream=True, cache=str(tmp_path / "cache")), seed=1
    )
    for other in (again, streamed):
        np.testing.assert_array_equal(other.train.weights[:], prepared.train.weights)


def test_weights_do_not_change_how_rows_are_encoded(write):
    path = str(write("t.csv", CSV))
    with_, without = (
        load_data(DataOptions(path, target="t", **o), seed=1) for o in ({"sample_weight": "w"}, {"ignore": ("w",)})
    )
    np.testing.assert_array_equal(with_.train.inputs, without.train.inputs)
    assert without.train.weights is None


def test_another_file_needs_no_weights(write):
    schema = load_data(DataOptions(str(write("t.csv", CSV)), target="t", sample_weight="w"), seed=1).preprocessor
    assert load_dataset(write("u.csv", CSV), schema, need_targets=True).weights is not None
    assert load_dataset(write("u.csv", CSV), schema, need_targets=False).weights is None
    assert load_dataset(write("u.csv", "x,t\n1,a\n"), schema, need_targets=True).weights is None


@pytest.mark.parametrize(
    ("weight", "told"),
    [
        ("-1", "sample weight 'w': expected numbers from 0 to 1e+30, got -1; invalid rows: 1"),
        ("", "weight 'w': expected numbers from 0 to 1e+30, got a missing value; invalid rows: 1"),
        ("1e39", "weight 'w': expected numbers from 0 to 1e+30, got 1e+39"),
        ("heavy", "column 'w': expected a number, got 'heavy'"),
    ],
)
def test_invalid_weight_is_reported(write, weight, told):
    path = str(write("t.csv", CSV.replace("\n37.5,1,", f"\n37.5,{weight},")))
    assert told in refusal(load_data, DataOptions(path, target="t", sample_weight="w"), seed=1)


def test_a_column_cannot_be_weight_and_target_or_all_zero(write):
    path = str(write("t.csv", CSV))
    text = refusal(load_data, DataOptions(path, target="w", sample_weight="w"), seed=1)
    assert "column 'w' is both the target and the sample weight; expected one or the other" in text
    assert "no column 'v'" in refusal(load_data, DataOptions(path, target="t", sample_weight="v"), seed=1)
    path = str(write("t.csv", "x,w,t\n" + "".join(f"{i / 7},0,{'ab'[i % 2]}\n" for i in range(30))))
    text = refusal(load_data, DataOptions(path, target="t", sample_weight="w"), seed=1)
    assert "sample weight 'w': expected a number above 0 in some training row, got 0 in all" in text


def test_arrays_have_a_dataset_of_weights(arrays):
    path = str(arrays(x=X, y=Y, w=W))
    prepared = load_data(DataOptions(path, sample_weight="/w"), seed=1)
    found = np.concatenate([part.weights for part in (prepared.train, prepared.validation, prepared.test)])
    assert sorted(found) == sorted(W.astype(np.float32))
    again = load_data(
        DataOptions(path, sample_weight="/w"), seed=1, preprocessor=restore_preprocessor(prepared.preprocessor.state())
    )
    np.testing.assert_array_equal(again.test.weights, prepared.test.weights)
    assert load_dataset(path, prepared.preprocessor, need_targets=True).weights is not None
    assert load_dataset(arrays(x=X, y=Y), prepared.preprocessor, need_targets=True).weights is None
    assert "no dataset 'w' next to the inputs" in refusal(load_data, DataOptions(path, sample_weight="w"), seed=1)
    grouped = str(arrays(train__x=X, train__y=Y, train__w=W, test__x=X, test__y=Y))
    parts = load_data(DataOptions(grouped, sample_weight="w"), seed=1)
    assert parts.train.weights is not None
    assert parts.test.weights is None
