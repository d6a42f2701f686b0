"""The ways to end before all epochs are done."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.optim.improvement_counter import ImprovementCounter
from nntrain.training import timer
from nntrain.training.best_model import BestModel
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import score_best_network, train
from tests.training.stopping import config, outcome, run_to_the_end

ADAM = {"type": "adam", "learning_rate": 0.01}


class Told(Callback):
    """Keeps why training ended."""

    why = ""

    def on_train_end(self, reason: str) -> None:
        self.why = reason


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which a second has passed whenever somebody looks."""
    seconds = itertools.count(1000.0)
    monkeypatch.setattr(timer.time, "monotonic", lambda: next(seconds))


def trained(folder: RunFolder, tree: dict[str, Any]) -> str:
    settings = build_config(tree)
    run, decided = start_run(settings, load_splits(settings), "", folder, [])
    told = Told()
    train(run, folder, decided.train, told)
    score_best_network(run, folder)
    return told.why


@pytest.mark.usefixtures("ticking")
def test_time_ends_a_run_and_more_time_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    straight, limited = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "limited")
    run_to_the_end(straight, config(ADAM, ema=0.9), Callback())
    assert trained(limited, config(ADAM, ema=0.9, max_time="30s")) == "reached the time limit of 30s"
    # In the middle of an epoch, which does not count.
    steps, epochs = read_checkpoint(limited.list_checkpoints()[-1])["training"]["step"], len(limited.read_metrics())
    assert 7 < steps < 35
    assert steps % 7
    assert epochs == steps // 7
    assert json.loads(limited.scores.read_text())["epoch"] <= epochs
    # The time before counts: at once, and after a little more.
    told = Told()
    for time in ("30s", "38s"):
        run, decided = resume_run(limited, [f'train.max_time="{time}"'])
        train(run, limited, decided.train, told)
        assert told.why == f"reached the time limit of {time}"
        assert run.timer.seconds <= 42
    run, decided = resume_run(limited, ['train.max_time="1h"'])
    assert run.timer.seconds >= 30
    train(run, limited, decided.train, told)
    assert told.why == "reached 6 epochs"
    score_best_network(run, limited)
    assert outcome(limited) == outcome(straight)


@pytest.mark.usefixtures("ticking")
def test_time_over_in_the_first_epoch_leaves_scores_all_the_same(tmp_path: Path) -> None:
    straight, limited = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "limited")
    run_to_the_end(straight, config(ADAM), Callback())
    assert trained(limited, config(ADAM, max_time="6s")) == "reached the time limit of 6s"
    [line] = limited.read_metrics()
    assert line["step"] < 7
    assert line["best"]
    assert set(json.loads(limited.scores.read_text())) == {"epoch", "train", "validation", "test"}
    # What was scored early has no part in the run that goes on.
    run, decided = resume_run(limited, ['train.max_time="1h"'])
    train(run, limited, decided.train, Callback())
    score_best_network(run, limited)
    assert outcome(limited) == outcome(straight)


def test_patience_waits_for_an_improvement_of_min_delta(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    why = trained(folder, config(ADAM, epochs=30, patience=3, min_delta=0.2))
    assert why == "loss did not improve for 3 epochs"
    losses = [line["validation"]["loss"] for line in folder.read_metrics()]
    assert len(losses) < 30
    # best.h5 follows any improvement, the patience only large ones.
    assert json.loads(folder.scores.read_text())["epoch"] == losses.index(min(losses)) + 1
    marks = [losses[0]]
    for loss in losses:
        if loss < marks[-1] - 0.2:
            marks.append(loss)
    assert losses.index(marks[-1]) == len(losses) - 4


def test_a_standstill_is_counted_until_the_mark_is_passed() -> None:
    standstill = ImprovementCounter(0.5, patience=2)
    counts = []
    for score in (1.0, 1.5, 1.6, 2.0, 2.2, math.nan, -math.inf, 9.0):
        standstill.update(score)
        counts.append(standstill.bad_epochs)
    assert counts == [0, 1, 0, 1, 0, 1, 2, 0]


def test_the_first_epoch_is_the_best_so_far_whatever_its_score() -> None:
    best = BestModel("loss", higher_is_better=False)
    assert best.is_better(math.nan, math.inf)
    best.update(1, {}, math.nan, {})
    assert not best.is_better(math.nan, math.inf)
    assert best.is_better(-1e9, math.inf)
    again = BestModel("loss", higher_is_better=False)
    again.restore(json.loads(json.dumps(best.state())))
    assert again.is_better(-1e9, math.inf)
    assert again.epoch == 1
