"""A run under a schedule, and the average of its parameters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.compute.array import Array
from nntrain.config.load import load_config
from nntrain.errors import ConfigError
from nntrain.training.callback import Callback
from nntrain.training.parameter_ema import ParameterEMA
from nntrain.training.run_folder.run_folder import RunFolder
from tests.training.stepping import after_two_epochs, made
from tests.training.stopping import MODULES, config, run_to_the_end

SGD = {"type": "sgd", "learning_rate": 0.1}


def test_every_step_has_the_rate_of_the_schedule() -> None:
    run = made({"batch_size": 16}, schedule={"type": "onecycle"})
    plan, rates, lines = run.preview_schedule(), [], []
    assert plan is not None
    for _ in range(2):
        while run.train_step() is not None:
            rates.append(run.optimizer.learning_rate)
        lines.append(run.end_epoch())
    assert rates == [run.get_learning_rate(step) for step in range(14)]
    assert [line["rate"] for line in lines] == [rate for _, rate in plan.rates] == [rates[0], rates[7]]
    assert plan.highest == (4, 0.1)


def test_a_constant_schedule_is_as_none() -> None:
    without, with_one = made({"batch_size": 16}), made({"batch_size": 16}, schedule={"type": "constant"})
    assert without.preview_schedule() is None
    expected, lines = after_two_epochs(without)
    got, told = after_two_epochs(with_one)
    np.testing.assert_array_equal(got, expected)
    assert [{**line, "rate": 0.1} for line in lines] == told


def test_a_plateau_hears_the_monitored_score() -> None:
    schedule = {"type": "plateau", "patience": 1, "threshold": 1e9, "factor": 0.5}
    _, lines = after_two_epochs(run := made({"batch_size": 16}, schedule=schedule))
    assert [line["rate"] for line in lines] == [0.1, 0.1]
    assert run.get_learning_rate(run.step) == 0.05


def test_an_optimizer_without_a_rate_has_none_to_schedule() -> None:
    with pytest.raises(ConfigError, match="schedule: the optimizer 'rprop' has no learning_rate to change; remove"):
        made({}, optimizer={"type": "rprop"}, schedule={"type": "cosine"})


def test_the_config_of_a_run_shows_the_schedule_in_full(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    run_to_the_end(folder, config(SGD, {"type": "cosine", "warm_up": 0.1}, epochs=1), Callback())
    decided = load_config(folder.config).schedule.spec()
    assert decided == {"type": "cosine", "floor": 0.0, "cycles": 1, "warm_up": 0.1}


def weighted_mean(path: list[Array], decay: float) -> Array:
    """The mean of the parameters after each step, each counting ``decay`` times as much as the next."""
    weights = decay ** np.arange(len(path))[::-1]
    return np.average(path, axis=0, weights=weights)


def test_the_average_is_a_weighted_mean_of_the_parameters_after_each_step() -> None:
    path = list(np.random.default_rng(0).normal(size=(40, 3)))
    average = ParameterEMA(path[0], 0.9)
    for count, w in enumerate(path, 1):
        average.update(w)
        np.testing.assert_allclose(average.average, weighted_mean(path[:count], 0.9), rtol=1e-12)


def test_the_average_is_judged_and_kept_and_the_parameters_go_on_as_without(tmp_path: Path) -> None:
    plain, averaged = (RunFolder(tmp_path / name) for name in ("plain", "averaged"))
    run_to_the_end(plain, config(SGD), Callback())
    run_to_the_end(averaged, config(SGD, ema=0.9), Callback())
    running = [read_checkpoint(folder.list_checkpoints()[-1]) for folder in (plain, averaged)]
    blocks = [tree["network"]["state"]["blocks"] for tree in running]
    for name, block in blocks[0].items():
        np.testing.assert_array_equal(block, blocks[1][name])
    lines = [folder.read_metrics() for folder in (plain, averaged)]
    assert [line["train"] for line in lines[0]] == [line["train"] for line in lines[1]]
    assert lines[0][-1]["validation"] != lines[1][-1]["validation"]
    assert running[1]["training"]["average"]["steps"] == 42


def test_best_holds_the_average_with_the_running_statistics() -> None:
    run = made({"batch_size": 16, "ema": 0.9}, modules=MODULES)
    path = []
    while run.train_step() is not None:
        path.append(run.w.copy())
    statistics = run.network.model.modules[1].running_mean.copy()
    run.end_epoch()
    assert run.best_model.network is not None
    blocks = run.best_model.network["network"]["state"]["blocks"]
    np.testing.assert_array_equal(run.w, path[-1])
    np.testing.assert_array_equal(blocks["1.running_mean"], statistics)
    flat = np.concatenate([block.ravel() for name, block in blocks.items() if "running" not in name])
    np.testing.assert_allclose(flat, weighted_mean(path, 0.9), rtol=1e-12)
