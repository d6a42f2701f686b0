"""Runs in memory, stepped by hand."""

from __future__ import annotations

from typing import Any

from nntrain.compute.array import Array
from nntrain.config.load import build_config
from nntrain.training.building.trainer_assembly import assemble_trainer
from nntrain.training.run_start import load_splits
from nntrain.training.trainer import Trainer
from tests.training.stopping import DATA

PLAIN = [{"type": "Linear", "output_size": 6}, {"type": "Tanh"}, {"type": "Linear"}]


def made(train: dict[str, Any], modules: Any = PLAIN, **sections: Any) -> Trainer:
    tree = {
        "data": DATA,
        "model": {"modules": modules, "dtype": "float64"},
        "optimizer": {"type": "sgd", "learning_rate": 0.1},
        "train": {"epochs": 2, "patience": 0} | train,
    }
    config = build_config(tree | sections)
    return assemble_trainer(config, load_splits(config))[0]


def after_two_epochs(run: Trainer) -> tuple[Array, list[dict[str, Any]]]:
    lines = []
    for _ in range(2):
        while run.train_step() is not None:
            pass
        lines.append(run.end_epoch())
    return run.w.copy(), lines
