"""Runs that are stopped, go on, and are compared."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.errors import InterruptedRunError
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import score_best_network, train
from tests.paths import ROOT

IRIS = ROOT / "datasets" / "iris.csv"

# 105 rows to learn from.
DATA = {"path": str(IRIS), "target": "species", "validation": 0.2, "test": 0.1}

ADAM = {"type": "adam", "learning_rate": 0.01}

# Everything in a network that has a state: noise and statistics.
MODULES = [
    {"type": "Linear", "output_size": 12},
    {"type": "BatchNormalization"},
    {"type": "Tanh"},
    {"type": "Dropout", "p": 0.3},
    {"type": "Linear"},
]


def config(optimizer: dict[str, Any], schedule: dict[str, Any] | None = None, **train: Any) -> dict[str, Any]:
    return {
        "data": DATA,
        "model": {"modules": MODULES},
        "optimizer": optimizer,
        "schedule": schedule or {},
        "train": {"epochs": 6, "batch_size": 16, "patience": 0, "checkpoint_every": "1epoch"} | train,
    }


class StopAfter(Callback):
    """Presses Ctrl-C after some steps."""

    def __init__(self, *steps: int) -> None:
        self.steps = steps

    def on_step_end(self, step: int, loss: float) -> None:
        if step in self.steps:
            os.kill(os.getpid(), signal.SIGINT)


def run_to_the_end(folder: RunFolder, tree: dict[str, Any], events: Callback) -> None:
    """Begin, go on after every stop, finish."""
    settings = build_config(tree)
    run, decided = start_run(settings, load_splits(settings), "", folder, [])
    while True:
        try:
            train(run, folder, decided.train, events)
            break
        except InterruptedRunError:
            run, decided = resume_run(folder)
    score_best_network(run, folder)


def outcome(folder: RunFolder) -> Any:
    """What a run has come to, to the bit."""
    blocks = read_checkpoint(folder.best_network)["network"]["state"]["blocks"]
    return (
        {name: block.tobytes() for name, block in blocks.items()},
        folder.metrics.read_bytes(),
        folder.scores.read_bytes(),
    )


def stopped(folder: RunFolder, step: int, schedule: dict[str, Any] | None = None, **settings: Any) -> None:
    """A run, stopped and saved after a step, with three checkpoints."""
    told = build_config(config(ADAM, schedule, checkpoint_every="1h", **settings))
    run, decided = start_run(told, load_splits(told), "", folder, [])
    with pytest.raises(InterruptedRunError):
        train(run, folder, decided.train, StopAfter(step))
    run, decided = resume_run(folder)
    with pytest.raises(InterruptedRunError):
        train(run, folder, decided.train, StopAfter(step + 5))
