"""``model.dtype``: inputs and numbers to predict are read in float64, from tables, arrays and encoded files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain.config.load import build_config
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.inference.network_loading import load_trained_network

ROWS = 60
X = np.random.default_rng(2).normal(size=ROWS)
X[1::2] = X[::2] + 1e-9
Y = 3 * X + np.arange(ROWS) * 1e-10


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    days = np.datetime64("2020-01-01T00:00:00") + np.arange(ROWS) * np.timedelta64(12345, "s")
    lines = [f"{x!r},{day},{y!r}" for x, day, y in zip(X.tolist(), days, Y.tolist(), strict=True)]
    path.write_text("\n".join(["x,day,y", *lines]))
    return path


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        file["inputs"], file["targets"] = X[:, None], Y
    return path


def options(path: Path, dtype: Any, **more: Any) -> DataOptions:
    defaults: Any = {"task": "regression", "validation": 0.0, "test": 0.0, "number_scaling": "standard"}
    return DataOptions(str(path), dtype=dtype, **defaults, **more)


def standardised(values: Any) -> Any:
    return (values - values.mean()) / values.std()


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("kind", ["table", "arrays"])
def test_inputs_and_targets_keep_what_float64_holds(
    kind: str, stream: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(kind)
    loaded = load_data(options(path, "float64", stream=stream, cache=str(tmp_path)), 1)
    train = loaded.train
    inputs, targets = np.asarray(train.inputs[:]), np.asarray(train.targets[:])  # type: ignore[index]
    assert inputs.dtype == targets.dtype == np.float64
    np.testing.assert_allclose(np.sort(inputs[:, 0]), np.sort(standardised(X)), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(np.sort(targets[:, 0]), np.sort(standardised(Y)), rtol=1e-13, atol=1e-14)
    assert len(np.unique(inputs[:, 0])) == ROWS


@pytest.mark.parametrize("kind", ["table", "arrays"])
def test_without_it_rows_are_those_of_float64_rounded(kind: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(kind)
    single, double = (load_data(options(path, dtype), 1).train for dtype in ("float32", "float64"))
    assert single.inputs.dtype == single.targets.dtype == np.float32  # type: ignore[union-attr]
    np.testing.assert_array_equal(single.targets, double.targets.astype(np.float32))  # type: ignore[union-attr]
    if kind == "table":
        np.testing.assert_array_equal(single.inputs, double.inputs.astype(np.float32))


@pytest.mark.parametrize("kind", ["table", "arrays"])
def test_a_schema_remembers_its_type_and_older_ones_have_none(kind: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(kind)
    double = load_data(options(path, "float64"), 1).preprocessor.state()
    assert restore_preprocessor(double).dtype == "float64"
    assert restore_preprocessor(double).target.dtype == "float64"
    single = load_data(options(path, "float32"), 1).preprocessor.state()
    assert "dtype" not in single
    assert restore_preprocessor(single).dtype == "float32"


def test_the_config_decides(table: Path) -> None:
    tree = {"data": {"path": str(table)}}
    assert get_data_options(build_config(tree)).dtype == "float32"
    assert get_data_options(build_config(tree | {"model": {"dtype": "float64"}})).dtype == "float64"


def test_predictions_show_rows_apart_by_a_billionth(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scaling = "data.number_scaling=standard"
    sets = (scaling, "model.dtype=float64", "model.modules=[{type='Linear'}]", "data.ignore=['day']", "train.epochs=2")
    assert run_command(["fit", str(table), *(word for one in sets for word in ("--set", one)), "--out", "run"]) == 0
    assert run_command(["predict", "run", str(table), "--out", "predicted.csv"]) == 0
    network: Any = load_trained_network(Path("run"))
    column, target = network.preprocessor.columns[0], network.preprocessor.target
    slope = network.model[0].weight[0, 0] * target.std[0] / column.std
    got = np.array([float(line.split(",")[-1]) for line in Path("predicted.csv").read_text().splitlines()[1:]])
    np.testing.assert_allclose(got[1::2] - got[::2], slope * (X[1::2] - X[::2]), rtol=1e-3, atol=1e-14)
