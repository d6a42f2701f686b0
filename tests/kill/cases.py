"""What is killed: a config for everything that a run must remember."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.training.stopping import IRIS

__all__ = ["CASES", "config_of_case"]

Tree = dict[str, Any]

SGD = {"type": "sgd", "learning_rate": 0.02, "momentum": 0.9, "dampening": 0, "nesterov": True}
ADAM = {"type": "adam", "learning_rate": 0.003, "weight_decay": 1e-3}


def layers(*between: Tree) -> Tree:
    return {"modules": [{"type": "Linear", "output_size": 12}, *between, {"type": "Linear"}]}


TANH = layers({"type": "Tanh"})
DROPOUT = layers({"type": "Tanh"}, {"type": "Dropout", "p": 0.3})
RRELU = layers({"type": "RReLU"})
NORMALIZED = layers({"type": "BatchNormalization"}, {"type": "Tanh"})

# Each: the sections of its config beside the data.
CASES: dict[str, Tree] = {
    "sgd with momentum": {"model": TANH, "optimizer": SGD},
    "adam": {"model": TANH, "optimizer": ADAM},
    "dropout": {"model": DROPOUT, "optimizer": ADAM},
    "rrelu": {"model": RRELU, "optimizer": SGD},
    "batch normalisation": {"model": NORMALIZED, "optimizer": SGD},
    "schedule": {"model": TANH, "optimizer": SGD, "schedule": {"type": "cosine", "cycles": 3, "warm_up": 0.1}},
    "plateau": {"model": DROPOUT, "optimizer": ADAM, "schedule": {"type": "plateau", "patience": 20}},
    "early stopping": {"model": DROPOUT, "optimizer": ADAM, "train": {"patience": 150, "epochs": 100_000}},
    "accumulation": {"model": DROPOUT, "optimizer": SGD, "train": {"batch_size": 5, "accumulate": 3}},
    "moving average": {"model": NORMALIZED, "optimizer": ADAM, "train": {"ema": 0.99}},
    "everything": {
        "model": layers({"type": "BatchNormalization"}, {"type": "RReLU"}, {"type": "Dropout", "p": 0.2}),
        "optimizer": ADAM,
        "schedule": {"type": "cosine", "cycles": 3, "warm_up": 0.1},
        "train": {"batch_size": 5, "accumulate": 3, "ema": 0.9, "patience": 250, "clip_norm": 1.0},
    },
    "streaming": {"model": DROPOUT, "optimizer": ADAM, "data": {"stream": True}},
    "streaming in groups": {"model": DROPOUT, "optimizer": ADAM, "data": {"stream": True}},
}


def config_of_case(name: str, folder: Path, epochs: int, every: str) -> Tree:
    """The config of a case, with its data and its cache in ``folder``."""
    case = CASES[name]
    train = {"epochs": epochs, "batch_size": 16, "patience": 0, "checkpoint_every": every, **case.get("train", {})}
    data: Tree = {"path": str(IRIS), "target": "species", "validation": 0.2, "test": 0.1}
    if name == "streaming in groups":
        data = {"path": str(wide_rows(folder / "wide.h5")), "validation": 0.2, "test": 0.1}
        train |= {"epochs": max(epochs // 60, 4), "batch_size": 128}
    return {**case, "data": {**data, "cache": str(folder / "cache"), **case.get("data", {})}, "train": train}


def wide_rows(path: Path) -> Path:
    """Rows whose training part is read from the disk in more than one group of blocks: about 34 MB."""
    if not path.exists():
        generator = np.random.default_rng(5)
        y = generator.integers(3, size=24_000)
        x = generator.standard_normal((len(y), 512), np.float32)
        x[:, :3] += 2 * (y[:, None] == np.arange(3))
        with h5py.File(path, "w") as file:
            file["x"], file["y"] = x, y
    return path
