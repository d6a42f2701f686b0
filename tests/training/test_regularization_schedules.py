"""Weight decay and dropout that follow a schedule: exact when resumed, and the base values in every file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config, load_config
from nntrain.errors import ConfigError
from nntrain.nn.building.builder import build
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import train
from tests.training.stopping import DATA, StopAfter

DROPOUT = {"type": "Dropout", "p": 0.4}
HIDDEN = {"type": "Linear", "output_size": 8}
FLAT = {"type": "flat_cosine", "start": 0.25}
ADAMW = {"type": "adamw", "learning_rate": 0.05, "weight_decay": 0.5}
SGD = {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.1}


def config(optimizer: dict[str, Any], modules: list[dict[str, Any]], **train_keys: Any) -> Any:
    settings = {"epochs": 4, "batch_size": 16, "patience": 0} | train_keys
    model = {"modules": [HIDDEN, *modules, {"type": "Linear"}]}
    return build_config({"data": DATA, "model": model, "optimizer": optimizer, "train": settings})


def started(folder: RunFolder, settings: Any) -> tuple[Trainer, Any]:
    return start_run(settings, load_splits(settings), "", folder, [])


@pytest.mark.parametrize("optimizer", [ADAMW, SGD])
def test_a_resumed_run_ends_like_an_uninterrupted_one(tmp_path: Path, optimizer: dict[str, Any]) -> None:
    settings = config(optimizer, [DROPOUT], dropout_schedule="log_cosine", weight_decay_schedule=FLAT)
    whole, folder = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "run")
    run, decided = started(whole, settings)
    train(run, whole, decided.train, Callback())
    other, decided = started(folder, settings)
    with pytest.raises(Exception, match="stopped"):
        train(other, folder, decided.train, StopAfter(run.step // 2))
    resumed, decided = resume_run(folder)
    assert 0 < resumed.step < run.step
    train(resumed, folder, decided.train, Callback())
    assert resumed.w.tobytes() == run.w.tobytes()
    # Every file has the values before the factor.
    for path in (folder.config, whole.config):
        stored = load_config(path)
        assert stored.model_dump()["optimizer"]["weight_decay"] == optimizer["weight_decay"]
        assert stored.train.dropout_schedule == "log_cosine"
        assert stored.train.weight_decay_schedule == FLAT
        assert stored.model.modules[1]["p"] == 0.4
    for path in (folder.best_network, folder.list_checkpoints()[-1]):
        assert TrainedNetwork.from_tree(read_checkpoint(path), "network").model.modules[1].p == 0.4
    constant, decided = started(RunFolder(tmp_path / "constant"), config(optimizer, [DROPOUT]))
    train(constant, RunFolder(tmp_path / "constant"), decided.train, Callback())
    assert (constant.w != run.w).any()


def test_each_step_has_its_factor(tmp_path: Path) -> None:
    modules = [DROPOUT, {"type": "Dropout", "p": 0.1}]
    settings = config(ADAMW, modules, dropout_schedule=FLAT, weight_decay_schedule=FLAT)
    run, _ = started(RunFolder(tmp_path / "run"), settings)
    first, second = run.network.model.modules[1:3]
    for step in range(run.total_steps):
        run.train_step()
        if run.is_epoch_complete:
            run.end_epoch()
        q = max(0, step / run.total_steps - 0.25) / 0.75
        factor = (1 + np.cos(np.pi * q)) / 2
        assert run.optimizer.weight_decay == pytest.approx(0.5 * factor)
        assert first.p_factor == second.p_factor == pytest.approx(factor)
        first.training()
        assert first.current_p == pytest.approx(0.4 * factor)
    assert factor < 0.01
    assert [first.p, second.p] == [0.4, 0.1]
    assert run.network.model.spec()["modules"][1] == DROPOUT
    assert first.evaluate() is None
    assert first.current_p == 0.4


def test_a_constant_schedule_changes_no_bits(tmp_path: Path) -> None:
    keys = ({}, {"dropout_schedule": "constant", "weight_decay_schedule": "constant"})
    runs = []
    for index, train_keys in enumerate(keys):
        folder = RunFolder(tmp_path / str(index))
        run, decided = started(folder, config(ADAMW, [DROPOUT], **train_keys))
        train(run, folder, decided.train, Callback())
        runs.append(run.w.tobytes())
    assert runs[0] == runs[1]


def test_dropout_uses_the_factor_in_both_passes_of_training_only() -> None:
    x = np.ones((100, 100), np.float32)
    for factor, p in ((1.0, 0.5), (0.5, 0.25), (0.0, 0.0)):
        layer = build({"type": "Dropout", "p": 0.5})
        layer.p_factor = factor
        layer.training()
        y = layer.forward(x)
        assert float((y == 0).mean()) == pytest.approx(p, abs=0.02)
        np.testing.assert_allclose(np.unique(y), [0, 1 / (1 - p)] if p else [1], rtol=1e-6)
        np.testing.assert_array_equal(layer.backward(x, x), y)
        layer.evaluate()
        np.testing.assert_array_equal(layer.forward(x), x)


REFUSED: dict[str, tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any], str]] = {
    "no dropout": (ADAMW, [], {"dropout_schedule": FLAT}, "train.dropout_schedule: the network has no dropout; add "),
    "an old dropout": (
        ADAMW,
        [{"type": "Dropout", "v1": True}],
        {"dropout_schedule": FLAT},
        "train.dropout_schedule: Dropout(0.500000) cannot change its p, because its outputs in evaluation mode depend",
    ),
    "no weight decay": (
        {"type": "rprop"},
        [],
        {"weight_decay_schedule": FLAT},
        "train.weight_decay_schedule: Rprop has no weight_decay; choose another optimizer, or remove the key",
    ),
    "a weight decay of 0": (
        {"type": "adam"},
        [],
        {"weight_decay_schedule": FLAT},
        "train.weight_decay_schedule: Adam has weight_decay = 0; set optimizer.weight_decay, or remove the key",
    ),
    "scores for decay": (
        ADAMW,
        [],
        {"weight_decay_schedule": "plateau"},
        "train.weight_decay_schedule: Plateau depends on scores; choose another schedule, or remove the key",
    ),
    "scores for dropout": (
        ADAMW,
        [DROPOUT],
        {"dropout_schedule": {"type": "plateau"}},
        "train.dropout_schedule: Plateau depends on scores; choose another schedule, or remove the key",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_effect_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    optimizer, modules, keys, message = REFUSED[case]
    with pytest.raises(ConfigError) as caught:
        started(RunFolder(tmp_path / "run"), config(optimizer, modules, **keys))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_wrong_schedules_are_errors_of_the_config(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    for line, message in (
        ('dropout_schedule = "flat_cosin"', "train.dropout_schedule: unknown schedule 'flat_cosin'; did you mean"),
        ('weight_decay_schedule = {type = "flat_cosine", begin = 1}', "FlatCosine has no argument 'begin'"),
        ("dropout_schedule = 3", "expected the name of a schedule, or a TOML table with its type, got 3"),
    ):
        file.write_text(f'data = {{ path = "x.csv", target = "y" }}\n[train]\n{line}\n')
        with pytest.raises(ConfigError) as caught:
            load_config(file)
        assert message in str(caught.value)


def test_a_resumed_run_changes_a_schedule_only_if_it_is_allowed(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    run, decided = started(folder, config(ADAMW, [DROPOUT], dropout_schedule=FLAT))
    with pytest.raises(Exception, match="stopped"):
        train(run, folder, decided.train, StopAfter(10))
    change = 'train.dropout_schedule="log_cosine"'
    with pytest.raises(ConfigError, match=r"train\.dropout_schedule: cannot change .* allow it with nntrain resume"):
        resume_run(folder, [change])
    resumed, _ = resume_run(folder, [change], allowed=["train.dropout_schedule"])
    assert isinstance(resumed.network.model, nn.Sequential)
    assert type(resumed.regularization.dropout_schedule).__name__ == "LogCosine"
