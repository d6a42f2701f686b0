"""The profile of a run tells where its time went, and leaves nothing of itself in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.config.load import build_config
from nntrain.errors import InterruptedRunError
from nntrain.training.callback import Callback
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.diagnostics import stopwatch
from nntrain.training.diagnostics.labeled_modules import iterate_labeled_modules
from nntrain.training.diagnostics.run_profile import RunProfile
from nntrain.training.diagnostics.stopwatch import Stopwatch, TimedFunction, TimeSpent
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import score_best_network, train
from tests.training.stopping import ADAM, StopAfter, config, outcome, run_to_the_end

LINEAR, TANH = {"type": "Linear", "output_size": 5}, {"type": "Tanh"}
BRANCHES = {"type": "ConcatTable", "modules": [{"type": "Sequential", "modules": [LINEAR, TANH]}, LINEAR]}
NESTED = [
    {"type": "Bottle", "module": {"type": "Linear", "input_size": 4, "output_size": 6}},
    BRANCHES,
    {"type": "MapTable", "module": {"type": "Linear", "input_size": 5, "output_size": 4}},
    {"type": "JoinTable", "dim": 1},
    {"type": "Linear", "input_size": 8},
]

RUNS: dict[str, dict[str, Any]] = {
    "plain": config(ADAM),
    "asks several times": config({"type": "lbfgs", "max_iter": 3}, ema=0.9, clip_norm=1),
    "micro-batches": config(ADAM, batch_size=6, accumulate=3),
    "nested": {**config(ADAM), "model": {"modules": NESTED}},
    "streamed": {**config(ADAM), "data": {**config(ADAM)["data"], "stream": True}},
}


def profiled(folder: RunFolder, tree: dict[str, Any], stop: int = 0) -> RunProfile:
    """A whole run, timed; or what is left of it after ``stop`` steps that were not."""
    told = build_config(tree)
    run, decided = start_run(told, load_splits(told), "", folder, [])
    if stop:
        with pytest.raises(InterruptedRunError):
            train(run, folder, decided.train, StopAfter(stop))
        run, decided = resume_run(folder)
    events, saver = Callback(), Checkpointer(run, folder, decided.train.keep)
    profile = RunProfile(run, events, saver)
    profile.count_traffic()
    with profile:
        train(run, folder, decided.train, events, saver)
        profile.time_function("evaluation", score_best_network)(run, folder)
    return profile


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("name", RUNS)
def test_a_timed_run_comes_to_the_same_bits(name: str, tmp_path: Path) -> None:
    alone, timed, resumed = (RunFolder(tmp_path / kind) for kind in ("alone", "timed", "resumed"))
    run_to_the_end(alone, RUNS[name], Callback())
    profiled(timed, RUNS[name])
    profiled(resumed, RUNS[name], stop=8)
    assert outcome(timed) == outcome(alone)
    assert outcome(resumed) == outcome(alone)


@pytest.mark.parametrize("name", RUNS)
def test_every_layer_is_reported_as_often_as_it_was_passed(name: str, tmp_path: Path) -> None:
    profile = profiled(RunFolder(tmp_path / "run"), RUNS[name])
    batches = 6 * len(profile.trainer.data_loader)
    for _, row in profile.modules:
        passes = {way: spent.calls for way, spent in row.calls_by_pass.items()}
        if name == "asks several times":
            assert passes["forward"] == passes["backward"] > batches
        else:
            assert passes == {"forward": batches, "backward": batches}
    assert {name for name, spent in profile.parts.items() if spent.calls} >= {"data", "optimizer", "evaluation"}


@pytest.mark.parametrize("name", RUNS)
def test_nothing_of_it_stays_on_the_run(name: str, tmp_path: Path) -> None:
    profile = profiled(RunFolder(tmp_path / "run"), RUNS[name])
    run = profile.trainer
    owners = [
        *run.network.model.list_modules(),
        *vars(run).values(),
        run.network.criterion,
        *(item for item, *_ in profile.timed),
    ]
    found = [value for owner in owners if hasattr(owner, "__dict__") for value in vars(owner).values()]
    assert not [value for value in found if isinstance(value, TimedFunction)]


def test_modules_are_called_as_errors_call_them() -> None:
    inner = nn.ConcatTable([nn.Linear(3, 2), nn.Bottle(nn.Tanh())])
    assert [name for name, _ in iterate_labeled_modules(nn.Sequential([nn.Linear(4, 3), inner]))] == [
        "Sequential",
        "Sequential[0] > Linear(4 -> 3)",
        "Sequential[1] > ConcatTable",
        "Sequential[1] > ConcatTable[0] > Linear(3 -> 2)",
        "Sequential[1] > ConcatTable[1] > Bottle",
        "Sequential[1] > ConcatTable[1] > Tanh",
    ]


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which one second passes from each look at it to the next."""
    seconds = iter(range(1000))
    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: float(next(seconds)))


@pytest.mark.usefixtures("ticks")
def test_every_moment_belongs_to_the_innermost() -> None:
    watch, outer, inner = Stopwatch(), TimeSpent(), TimeSpent()
    pass_ = TimedFunction(watch, inner, "pass", lambda: None)
    TimedFunction(watch, outer, "step", lambda: (pass_(), pass_()))()
    watch.switch(watch.other)
    assert (outer.seconds, inner.seconds, watch.other.seconds) == (3, 2, 2)
    assert (outer.calls, inner.calls) == (1, 2)


@pytest.mark.usefixtures("ticks")
def test_what_goes_on_in_a_whole_belongs_to_it() -> None:
    watch, whole, inner = Stopwatch(), TimeSpent(whole=True), TimeSpent()
    TimedFunction(watch, whole, "score", TimedFunction(watch, inner, "forward", lambda: None))()
    assert (whole.seconds, inner.seconds, inner.calls) == (1, 0, 0)


@pytest.mark.usefixtures("ticks")
def test_an_error_ends_what_it_comes_from() -> None:
    watch, spent = Stopwatch(), TimeSpent()
    with pytest.raises(ZeroDivisionError):
        TimedFunction(watch, spent, "fails", lambda: 1 / 0)()
    assert watch.current is watch.other
    assert spent.seconds == 1


def test_a_copy_made_meanwhile_is_timed_with_its_original() -> None:
    layer = nn.Linear(2, 2)
    watch, spent = Stopwatch(), TimeSpent()
    layer.forward = TimedFunction(watch, spent, "forward", layer.forward)
    twin = layer.clone()
    twin.weight[...] = 0
    twin.bias[...] = 7
    assert twin.forward(np.ones((1, 2), np.float32)).tolist() == [[7, 7]]
    assert spent.calls == 1
