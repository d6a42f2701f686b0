"""Runs in memory, stepped by hand."""

from __future__ import annotations

from typing import Any

from nntrain.compute.array import Array
from nntrain.config.load import config_of
from nntrain.training.assemble import assemble
from nntrain.training.run import Run
from nntrain.training.start import prepare
from tests.training.stopping import DATA

PLAIN = [{"type": "Linear", "output_size": 6}, {"type": "Tanh"}, {"type": "Linear"}]


def made(train: dict[str, Any], modules: Any = PLAIN, **sections: Any) -> Run:
    tree = {
        "data": DATA,
        "model": {"modules": modules, "double": True},
        "optimizer": {"type": "sgd", "learning_rate": 0.1},
        "train": {"epochs": 2, "patience": 0} | train,
    }
    config = config_of(tree | sections)
    return assemble(config, prepare(config))[0]


def after_two_epochs(run: Run) -> tuple[Array, list[dict[str, Any]]]:
    lines = []
    for _ in range(2):
        while run.advance() is not None:
            pass
        lines.append(run.end_epoch())
    return run.w.copy(), lines
