"""Frozen modules: nothing that trains changes them, and they are used as in prediction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.errors import ConfigError, SpecError
from nntrain.nn.building.builder import build
from nntrain.nn.state import named_arrays
from nntrain.training.callback import Callback
from nntrain.training.diagnostics.layer_summary import summarize_layers
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.training_loop import train
from tests.training.stopping import DATA, StopAfter

MODULES: list[dict[str, Any]] = [
    {"type": "Linear", "output_size": 8},
    {"type": "Sequential", "frozen": True, "modules": [
        {"type": "BatchNormalization"}, {"type": "Dropout", "p": 0.5}, {"type": "Linear", "output_size": 6},
    ]},
    {"type": "ReLU"},
    {"type": "Linear", "output_size": 5, "frozen": True},
    {"type": "Linear"},
]  # fmt: skip


def config(optimizer: dict[str, Any], modules: list[dict[str, Any]] = MODULES, **train_keys: Any) -> Any:
    settings = {"epochs": 3, "batch_size": 16, "patience": 0} | train_keys
    return build_config({"data": DATA, "model": {"modules": modules}, "optimizer": optimizer, "train": settings})


def arrays(module: nn.Module, *places: str) -> dict[str, np.ndarray[Any, Any]]:
    named = dict(named_arrays(module))
    return {name: array.copy() for name, array in named.items() if "grad_" not in name and name.startswith(places)}


@pytest.mark.parametrize(
    ("optimizer", "train_keys"),
    [
        ({"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.1}, {"clip_norm": 0.1}),
        ({"type": "adam", "learning_rate": 0.1, "weight_decay": 0.1}, {"ema": 0.9, "l1": 0.01, "l2": 0.01}),
        ({"type": "adamw", "learning_rate": 0.1}, {"accumulate": 2}),
        ({"type": "lbfgs", "max_iter": 3}, {}),
    ],
)
def test_nothing_changes_a_frozen_module(tmp_path: Path, optimizer: dict[str, Any], train_keys: Any) -> None:
    settings = config(optimizer, **train_keys)
    folder = RunFolder(tmp_path / "run")
    run, decided = start_run(settings, load_splits(settings), "", folder, [])
    model = run.network.model
    before, others = arrays(model, "1.", "3."), arrays(model, "0.", "4.")
    assert run.w.size == 4 * 8 + 8 + 5 * 3 + 3  # the first and the last Linear
    with pytest.raises(Exception, match="stopped"):
        train(run, folder, decided.train, StopAfter(10))
    run, decided = resume_run(folder)
    train(run, folder, decided.train, Callback())
    after = arrays(run.network.model, "1.", "3.")
    assert set(before) == {
        *(f"1.0.{name}" for name in ("weight", "bias", "running_mean", "running_var")),
        *(f"{place}.{name}" for place in ("1.2", "3") for name in ("weight", "bias")),
    }
    for name, array in before.items():
        np.testing.assert_array_equal(after[name], array)
    for name, array in arrays(run.network.model, "0.", "4.").items():
        assert (array != others[name]).any()
    # And so it is in the file, which knows what is frozen.
    best = TrainedNetwork.from_tree(read_checkpoint(folder.best_network), "best").model
    assert [inner.frozen for inner in best.list_modules()] == [False, False, True, True, True, True, False, True, False]
    for name, array in arrays(best, "1.", "3.").items():
        np.testing.assert_array_equal(array, before[name])


def test_the_other_gradients_are_those_without_freezing() -> None:
    random = np.random.default_rng(1)
    free, part = (
        build({"type": "Sequential", "modules": [
            {"type": "Linear", "input_size": 3, "output_size": 4},
            {"type": "Tanh"},
            {"type": "Linear", "input_size": 4, "output_size": 2, "frozen": frozen},
        ]})
        for frozen in (False, True)
    )  # fmt: skip
    part.restore(free.state())
    x, dy = random.random((5, 3), np.float32), random.random((5, 2), np.float32)
    for network in (free, part):
        network.training()
        network.forward(x)
        network.backward(x, dy)
    w1, b1 = free.modules[0].weight, free.modules[0].bias
    h = np.tanh(x @ w1.T + b1)
    da = (dy @ free.modules[2].weight) * (1 - h**2)
    np.testing.assert_allclose(part.modules[0].grad_weight, da.T @ x, rtol=1e-5)
    np.testing.assert_array_equal(part.modules[0].grad_weight, free.modules[0].grad_weight)
    assert not part.modules[2].grad_weight.any()
    assert len(part.parameters()[0]) == 2


def test_a_frozen_module_is_used_as_in_prediction() -> None:
    network = nn.Sequential().add(nn.BatchNormalization(2)).add(nn.Dropout(0.5))
    network.freeze()
    network.training()
    x = np.array([[1, 2], [3, 8]], np.float32)
    norm = network.modules[0]
    norm.running_mean[...], norm.running_var[...] = [1, 2], [4, 9]
    expected = (x - [1, 2]) / np.sqrt(np.array([4, 9]) + 1e-5) * norm.weight + norm.bias
    np.testing.assert_allclose(network.forward(x), expected, rtol=1e-5)
    np.testing.assert_array_equal(norm.running_mean, [1, 2])
    assert str(norm).endswith("(frozen)")
    network.unfreeze().training()
    network.forward(x)
    np.testing.assert_allclose(norm.running_mean, [0.9 * 1 + 0.1 * 2, 0.9 * 2 + 0.1 * 5], rtol=1e-6)


def test_no_gradient_is_made_below_which_nothing_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = nn.Linear(3, 4).freeze()
    network = nn.Sequential().add(frozen).add(nn.Tanh()).add(nn.Linear(4, 2))
    network.get_parameters()
    network.skip_grad_input()

    def never(*_: object) -> None:
        raise AssertionError("a gradient that nobody needs")

    for module in network.modules[:2]:
        monkeypatch.setattr(module, "update_grad_input", never)
    x = np.ones((2, 3), np.float32)
    network.backward(x, np.ones_like(network.forward(x)))
    assert network.modules[2].grad_weight.any()


def test_copies_specs_and_later_modules_are_frozen_too() -> None:
    network = nn.Sequential().add(nn.Linear(2, 2)).freeze()
    network.add(nn.Linear(2, 3))
    assert network.parameters() == network.clone().parameters() == ([], [])
    spec = network.spec()
    assert spec["frozen"] is True
    assert all("frozen" not in inner for inner in spec["modules"])
    assert build(spec).parameters() == ([], [])
    before = network.modules[0].weight.copy()
    network.acc_update_grad_parameters(np.ones((1, 2)), np.ones((1, 3)), 0.5)
    network.update_parameters(0.5)
    np.testing.assert_array_equal(network.modules[0].weight, before)
    assert [row.parameters for row in summarize_layers(network)] == [0, 0, 0]
    assert len(network.unfreeze().parameters()[0]) == 4


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(SpecError, match="frozen: expected a boolean, got 1"):
        build({"type": "Linear", "input_size": 1, "output_size": 1, "frozen": 1})
    with pytest.raises(SpecError, match="only modules can be frozen"):
        build({"type": "MSECriterion", "frozen": True})
    settings = config({"type": "sgd"}, [{"type": "Linear", "frozen": True}])
    with pytest.raises(ConfigError, match="nothing to train"):
        start_run(settings, load_splits(settings), "", RunFolder(Path("nowhere")), [])
    with pytest.raises(ConfigError, match="frozen requires from"):
        build_config({"data": DATA, "model": {"frozen": True}})


def test_a_network_is_fine_tuned_in_two_stages(tmp_path: Path) -> None:
    adam = {"type": "adam", "learning_rate": 0.01}
    first, second, third = (RunFolder(tmp_path / name) for name in ("first", "second", "third"))

    def trained(folder: RunFolder, model: dict[str, Any]) -> nn.Module:
        settings = build_config({"data": DATA, "model": model, "optimizer": adam, "train": {"epochs": 2}})
        run, decided = start_run(settings, load_splits(settings), "", folder, [])
        train(run, folder, decided.train, Callback())
        return TrainedNetwork.from_tree(read_checkpoint(folder.best_network), "best").model

    base = trained(first, {"hidden": [6, 5], "batch_normalization": True})
    source = {"from": str(first.path), "drop_last": 1, "modules": [{"type": "Linear"}], "frozen": True}
    tuned = trained(second, source)
    body = tuple(f"{index}." for index in range(len(base.children()) - 1))
    for name, array in arrays(base, *body).items():
        np.testing.assert_array_equal(arrays(tuned, name)[name], array)
    assert [module.frozen for module in tuned.children()] == [True] * len(body) + [False]
    whole = trained(third, {"from": str(second.path), "frozen": False})
    assert not any(module.frozen for module in whole.list_modules())
    assert any((array != arrays(whole, name)[name]).any() for name, array in arrays(tuned, *body).items())
