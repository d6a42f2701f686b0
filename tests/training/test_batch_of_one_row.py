"""A batch of one row is a batch: its axis stays, whatever is before a layer."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import tomli_w

from nntrain import nn
from nntrain.cli.main import run_command
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.nn.batch_axis import forward_batch, set_batch_rows
from nntrain.training.inference.raw_network import predict_raw
from nntrain.training.row_limit import BLOCK_ROWS, RowLimit
from tests.onnx.running import session
from tests.training.stepping import after_two_epochs, made

# Layers that Torch makes tell a batch from a sample by numbers of elements, or by axes of size 1.
FLAT = [
    [{"type": "View", "size": 12}],
    [{"type": "View", "size": [12], "n_input_dims": 3}],
    [{"type": "View", "size": [12, 1]}, {"type": "Squeeze"}],
    [{"type": "View", "size": [1, 12]}, {"type": "Squeeze", "dim": 0}, {"type": "Squeeze", "dim": 1}],
    [{"type": "Reshape", "size": [12]}],
    [{"type": "Reshape", "size": [12, 1]}, {"type": "Mean", "dim": 2}],
    [{"type": "Collapse", "n_input_dims": 2}],
]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """40 images of 3 × 4, each with a number; and 1025 of them to predict."""
    draw = np.random.default_rng(8)
    x = draw.normal(size=(BLOCK_ROWS + 1, 3, 4))
    path = tmp_path / "images.h5"
    with h5py.File(path, "w") as file:
        file["x"], file["y"] = x[:40], x[:40].sum((1, 2))
    with h5py.File(tmp_path / "new.h5", "w") as file:
        file["x"], file["y"] = x, x.sum((1, 2))
    return path


def sections(path: Path) -> dict[str, Any]:
    data = {"path": str(path), "inputs": "x", "targets": "y", "validation": 0.2, "test": 0.0}
    return {"data": data, "optimizer": {"type": "sgd", "learning_rate": 0.01}}


def name_of(modules: object) -> str:
    return "-".join(str(module["type"]) for module in modules) if isinstance(modules, list) else str(modules)


@pytest.mark.parametrize("modules", FLAT, ids=name_of)
@pytest.mark.parametrize("size", [1, 31])
def test_training_is_that_of_rows_whose_axis_is_sure(modules: list[Any], size: int, images: Path) -> None:
    tail = [{"type": "Linear", "output_size": 5}, {"type": "BatchNormalization"}, {"type": "Tanh"}, {"type": "Linear"}]
    sure = [{"type": "Reshape", "size": [12], "batch_mode": True}]
    w, lines = after_two_epochs(made({"batch_size": size}, [*modules, *tail], **sections(images)))
    wanted, told = after_two_epochs(made({"batch_size": size}, [*sure, *tail], **sections(images)))
    np.testing.assert_array_equal(w, wanted)
    assert lines == told


@pytest.mark.parametrize("modules", FLAT, ids=name_of)
def test_predictions_and_scores_of_1025_rows(
    modules: list[Any], images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tree = sections(images) | {"model": {"modules": [*modules, {"type": "Linear"}]}, "train": {"epochs": 1}}
    Path("config.toml").write_text(tomli_w.dumps(tree))
    assert run_command(["fit", "config.toml", "--out", "run"]) == 0
    assert run_command(["predict", "run", "new.h5", "--out", "predicted.csv"]) == 0
    assert run_command(["evaluate", "run", "new.h5"]) == 0
    assert run_command(["convert", "run", "run.onnx"]) == 0
    with open("predicted.csv", encoding="utf-8", newline="") as file:
        got = np.array([float(list(row.values())[-1]) for row in csv.DictReader(file)])
    with h5py.File("new.h5") as file:
        x = file["x"][:]
    exported = session("run.onnx")
    for some, wanted in ((x, got), (x[:1], got[:1]), (x[-1:], got[-1:])):
        told = exported.run(None, {exported.get_inputs()[0].name: some})[0]
        np.testing.assert_allclose(np.ravel(told), wanted, rtol=1e-4, atol=1e-4)


def test_from_python_view_is_torchs() -> None:
    x = np.arange(6.0).reshape(1, 2, 3)
    assert nn.View(6).forward(x).shape == (6,)
    assert nn.Squeeze().forward(x).shape == (2, 3)
    assert nn.Squeeze(0).forward(x).shape == (2, 3)


@pytest.mark.parametrize(
    ("module", "shape", "wanted"),
    [
        (nn.View(6), (2, 3), (6,)),
        (nn.View([3, 2]), (2, 3), (3, 2)),
        (nn.View(6, 3), (2, 3), (6,)),
        (nn.View([-1, 6]), (2, 3), ()),
        (nn.View(1), (), (1,)),
        (nn.View(2), (2, 3), None),
        (nn.Squeeze(), (2, 1, 3), (2, 3)),
        (nn.Squeeze(), (1, 1), ()),
        (nn.Squeeze(0), (2, 3), (2, 3)),
        (nn.Squeeze(1), (1, 3), (3,)),
        (nn.Squeeze(1, 3), (2, 1, 3), (2, 3)),
        (nn.Squeeze(None, 1), (1,), ()),
        (nn.Reshape(6), (2, 3), (6,)),
        (nn.Unsqueeze(1), (3,), (1, 3)),
    ],
)
def test_one_row_has_the_axes_that_two_rows_have(
    module: Any, shape: tuple[int, ...], wanted: tuple[int, ...] | None
) -> None:
    many = module.clone().forward(np.zeros((4, *shape))).shape
    one = forward_batch(module, np.zeros((1, *shape)), 1).shape
    assert len(one) == len(many)
    assert one[1:] == many[1:]
    if wanted is not None and wanted != ():
        assert one == (1, *wanted)


def test_only_the_batch_at_hand_is_of_one_row() -> None:
    x = np.zeros((1, 2, 3))
    with set_batch_rows(1):
        assert nn.View(6).forward(x).shape == (1, 6)
        with set_batch_rows(2):
            assert nn.View(6).forward(x).shape == (6,)
    assert nn.View(6).forward(x).shape == (6,)


def test_a_network_of_another_program_keeps_the_axis(tmp_path: Path) -> None:
    net = nn.Sequential([nn.View(6), nn.Linear(6, 2)])
    rows = np.arange(6.0 * (BLOCK_ROWS + 1), dtype=np.float32).reshape(-1, 2, 3) / 1000
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        file["inputs"] = rows
    blocks = list(predict_raw(ExchangeNetwork(net), tmp_path / "rows.h5", 10**9, RowLimit("net"), "inputs"))
    got = np.concatenate([np.column_stack([np.asarray(column) for column in block.values()]) for block in blocks])
    np.testing.assert_allclose(got, rows.reshape(-1, 6) @ net[1].weight.T + net[1].bias, rtol=1e-5, atol=1e-5)
