"""Small files of networks that would take gigabytes: read within little memory, or refused in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import load, nn
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.exchange import ExchangeNetwork
from nntrain.exchange.network_files import write_network
from nntrain.training.inference.raw_network import build_raw_tree, restore_raw_network
from nntrain_torch7.format import TorchObject
from nntrain_torch7.format import write as write_t7
from tests.cli.watched import MEMORY, watched

Tree = dict[str, Any]

# Layers, and the numbers on a side of the weight that all of them view: 1.6 MB, which alone would be 1.2 GB.
LAYERS, SIDE = 750, 640

ROWS = "a,b,c,d\n1,2,3,4\n2,3,4,5\n"


def views_of_one_block(tree: Tree, count: int, *, gradients: bool = False) -> None:
    """Make of the only layer of a network so many that share its weight; with ``gradients``, not its gradient."""
    network = tree["network"]
    state = network["state"]
    network["spec"]["modules"] *= count
    state["sizes"] = {"": count}
    for layer in range(1, count):
        state["views"][f"{layer}.weight"] = state["views"]["0.weight"]
        state["views"][f"{layer}.grad_weight"] = state["views"]["0.grad_weight"]
        if gradients:
            state["views"][f"{layer}.grad_weight"] = [f"{layer}.grad_weight", *state["views"]["0.grad_weight"][1:]]
            state["gradients"][f"{layer}.grad_weight"] = state["gradients"]["0.grad_weight"]


def layer(side: int) -> tuple[Tree, Any]:
    """The tree of a network of one layer without bias, and its weight, which keeps numbers small."""
    model = nn.Sequential([nn.Linear(side, side, False)])
    weight = model[0].weight
    weight[...] = np.random.default_rng(4).permutation(np.eye(side, dtype=np.float32))
    return build_raw_tree(ExchangeNetwork(model)), weight.copy()


def torch_layers(weight: Any, count: int, kind: str) -> TorchObject:
    """A network of Torch whose layers view one storage, without gradients, as after clearState."""
    fields = {"weight": weight, "train": True, "_type": f"torch.{kind}Tensor"}
    modules = {number + 1: TorchObject("nn.Linear", 1, dict(fields)) for number in range(count)}
    return TorchObject("nn.Sequential", 1, {"modules": modules, "train": True, "_type": f"torch.{kind}Tensor"})


def wide_rows(path: Path) -> np.ndarray[Any, Any]:
    x = np.arange(2.0 * SIDE).reshape(2, SIDE)
    np.savetxt(path, x, "%.1f", delimiter=",", header=",".join(f"c{i}" for i in range(SIDE)), comments="")
    return x


@pytest.mark.parametrize("command", ["show", "predict"])
def test_layers_that_view_one_block_take_its_memory_once(tmp_path: Path, command: str) -> None:
    tree, weight = layer(SIDE)
    views_of_one_block(tree, LAYERS)
    write_checkpoint(tmp_path / "shared.h5", tree)
    x = wide_rows(tmp_path / "x.csv")
    done = watched(tmp_path, command, "shared.h5", *(["x.csv"] if command == "predict" else []))
    assert done.code == 0, done.err
    assert done.peak < MEMORY
    if command == "predict":
        for _ in range(LAYERS):
            x = x @ weight.T
        given = np.array([line.split(",") for line in done.out.splitlines()[1:]], float)
        np.testing.assert_array_equal(given, x)


@pytest.mark.parametrize(("kind", "dtype"), [("Float", np.float32), ("Double", np.float64), ("Byte", np.uint8)])
def test_layers_of_torch_that_view_one_storage_take_its_memory_once(tmp_path: Path, kind: str, dtype: Any) -> None:
    write_t7(torch_layers(np.eye(SIDE, dtype=dtype), LAYERS, kind), tmp_path / "shared.t7")
    x = wide_rows(tmp_path / "x.csv")
    done = watched(tmp_path, "predict", "shared.t7", "x.csv")
    assert done.code == 0, done.err
    assert done.peak < MEMORY
    given = np.array([line.split(",") for line in done.out.splitlines()[1:]], float)
    np.testing.assert_array_equal(given, x)


def test_gradients_that_a_file_of_torch_lacks_share_memory_as_the_weights_do(tmp_path: Path) -> None:
    write_t7(torch_layers(np.eye(3, dtype=np.float32), 4, "Float"), tmp_path / "shared.t7")
    model = load(tmp_path / "shared.t7")
    w, dw = model.get_parameters()
    assert w.size == dw.size == 9
    model.training()
    x = np.ones((1, 3), np.float32)
    model.forward(x)
    model.backward(x, np.ones((1, 3), np.float32))
    # Four layers of one weight I: each adds 1 · 1 to every element.
    np.testing.assert_array_equal(dw, np.full(9, 4, np.float32))


def test_gradients_of_shared_weights_in_memory_of_their_own_are_counted(tmp_path: Path) -> None:
    tree, _ = layer(SIDE)
    views_of_one_block(tree, LAYERS, gradients=True)
    write_checkpoint(tmp_path / "gradients.h5", tree)
    done = watched(tmp_path, "show", "gradients.h5")
    assert done.code == 5
    assert f"gradients of {LAYERS * SIDE**2:,} numbers for parameters of {SIDE**2:,}" in done.err
    assert done.peak < MEMORY


def test_more_views_than_a_network_has_use_for_are_refused(tmp_path: Path) -> None:
    tree, _ = layer(100)
    views_of_one_block(tree, 1200)
    write_checkpoint(tmp_path / "many.h5", tree)
    done = watched(tmp_path, "show", "many.h5")
    assert done.code == 5
    assert "parameters of 12,000,000 numbers share 10,000" in done.err


def test_a_few_layers_that_share_a_block_come_back_sharing_it(tmp_path: Path) -> None:
    tree, weight = layer(5)
    views_of_one_block(tree, 3)
    write_checkpoint(tmp_path / "shared.h5", tree)
    model: Any = restore_raw_network(read_checkpoint(tmp_path / "shared.h5"), "shared.h5").model
    x = np.arange(10, dtype=np.float32).reshape(2, 5)
    np.testing.assert_array_equal(model.forward(x), x @ weight.T @ weight.T @ weight.T)
    model[0].weight[...] = 2
    assert (model[2].weight == 2).all()
    w, _ = model.get_parameters()
    assert w.size == 25


@pytest.mark.parametrize("suffix", ["h5", "safetensors", "t7"])
@pytest.mark.parametrize("command", ["predict", "convert"])
def test_a_layer_whose_output_is_enormous_is_refused_before_memory_is_taken(
    tmp_path: Path, suffix: str, command: str
) -> None:
    network = ExchangeNetwork(nn.Sequential([nn.Linear(4, 1), nn.Replicate(4 * 10**9, 1), nn.Sum(1)]))
    if suffix == "h5":
        write_checkpoint(tmp_path / "huge.h5", build_raw_tree(network))
    else:
        write_network(network, tmp_path / f"huge.{suffix}")
    (tmp_path / "x.csv").write_text(ROWS)
    arguments = ["x.csv"] if command == "predict" else ["huge.onnx", "--input-size", "4"]
    done = watched(tmp_path, command, f"huge.{suffix}", *arguments)
    assert done.code == 5
    assert "Sequential[1] > Replicate: its output of shape (" in done.err
    assert "4,000,000,000 × 1) takes " in done.err
    assert ("16 GB, the limit is 128 MB; give more with --memory" in done.err) == (command == "predict")
    assert len(done.err.splitlines()) == 1
    assert done.peak < MEMORY
    assert not (tmp_path / "huge.onnx").exists()


def enormous(tree: Tree) -> None:
    """Put copies of the outputs behind a network of a run, which are taken back."""
    modules = tree["network"]["spec"]["modules"]
    modules += [{"type": "Replicate", "n_features": 4 * 10**9, "dim": 1}, {"type": "Sum", "dim": 1}]
    tree["network"]["state"]["sizes"][""] = len(modules)
    tree["network"]["origins"] = {}


def test_evaluate_refuses_it_too(tmp_path: Path, nntrain: Callable[..., Any], iris: Path) -> None:
    assert nntrain("fit", iris, "--target", "species", "--set", "train.epochs=1").code == 0
    tree = read_checkpoint(tmp_path / "runs" / "iris" / "best.h5")
    enormous(tree)
    write_checkpoint(tmp_path / "huge.h5", tree)
    done = watched(tmp_path, "evaluate", "huge.h5", iris)
    assert done.code == 5
    assert "> Replicate: its output of shape (1 × 4,000,000,000 × 3) takes 48 GB, the limit is 128 MB" in done.err
    assert done.peak < MEMORY


@pytest.mark.parametrize("command", ["check", "fit"])
@pytest.mark.parametrize(
    ("module", "told"),
    [
        ('{type = "Linear", output_size = 1000000000}', "its sizes require 4,000,000,000,000,000 numbers"),
        ('{type = "Replicate", n_features = 4000000000000, dim = 1}', "takes 128 TB, the limit is "),
    ],
)
def test_a_config_asks_for_no_more_than_there_is(
    tmp_path: Path, iris: Path, command: str, module: str, told: str
) -> None:
    modules = f'[{{type = "Linear", output_size = 4000000}}, {module}, {{type = "Linear"}}]'
    if "Replicate" in module:
        modules = f'[{module}, {{type = "Sum", dim = 1}}, {{type = "Linear"}}]'
    (tmp_path / "huge.toml").write_text(f'data = {{path = "{iris}", target = "species"}}\nmodel.modules = {modules}\n')
    done = watched(tmp_path, command, "huge.toml")
    assert done.code == 2
    assert "model.modules[" in done.err
    assert told in done.err
    assert done.peak < MEMORY
