"""The cost of a repeated training step without a clock: NumPy calls and bytes."""

from __future__ import annotations

import gc
import os
import tempfile
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import h5py
import numpy as np

from nntrain.config.load import build_config
from nntrain.training.building.trainer_assembly import assemble_trainer
from nntrain.training.run_start import load_splits
from nntrain.training.trainer import Trainer
from tests.cost.counted import calls
from tests.cost.dressing import dress

__all__ = ["NETWORKS", "Cost", "measured"]

# Rows of a batch, and of one that is to take no more memory beside what grows with the rows. With the smaller one the
# buffers in which numpy converts types and orders of axes, of 8,192 elements, are full already.
ROWS, MORE = 1024, 2048

STEPS = 4
WARM_UP = 3

FLAT = {"type": "Reshape", "size": [64], "batch_mode": True}
LINEAR, RELU, LAST = {"type": "Linear", "output_size": 64}, {"type": "ReLU"}, {"type": "Linear"}
POOLING = {"type": "SpatialMaxPooling", "kw": 2, "kh": 2}


def convolution(planes: int, padding: int) -> dict[str, Any]:
    return {"type": "SpatialConvolution", "n_output_plane": planes, "kw": 3, "kh": 3, "pad_w": padding}


NETWORKS: dict[str, dict[str, Any]] = {
    "relu-sgd": {
        "model": {"modules": [FLAT, LINEAR, RELU, LINEAR, RELU, LAST]},
        "optimizer": {"type": "sgd", "learning_rate": 0.1},
    },
    "normalised-adam": {
        "model": {
            "modules": [
                *(FLAT, LINEAR, {"type": "BatchNormalization"}, {"type": "Tanh"}, {"type": "Dropout", "p": 0.2}),
                LAST,
            ]
        },
        "optimizer": {"type": "adam"},
    },
    "lenet": {
        "model": {
            "modules": [
                *(convolution(4, 1), RELU, POOLING, convolution(8, 0), RELU),
                *({"type": "Reshape", "size": [32], "batch_mode": True}, LINEAR, RELU, LAST),
            ]
        },
        "optimizer": {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9},
    },
}


@dataclass(frozen=True)
class Cost:
    """``calls``: of numpy in a step, by line and function; ``uncounted``: arrays whose calls are not counted.

    ``bytes``: the most that a step of ROWS rows holds beside what it keeps; ``bytes_a_row``: how much more for each
    further row; ``kept``: bytes of arrays that are there after STEPS steps and were not before.
    """

    calls: Counter[str]
    uncounted: list[str]
    bytes: int
    bytes_a_row: int
    kept: int


def measured(name: str) -> Cost:
    """Return the cost of a network's step with one thread."""
    with mock.patch.dict(os.environ, NNTRAIN_THREADS="1"), tempfile.TemporaryDirectory() as folder:
        few, many = (made(NETWORKS[name], rows, Path(folder) / "data.h5") for rows in (ROWS, MORE))
        small, kept = memory(few)
        large, _ = memory(many)
        return Cost(*counted(few), bytes=small, bytes_a_row=round((large - small) / (MORE - ROWS)), kept=kept)


def made(network: dict[str, Any], rows: int, data: Path) -> Trainer:
    """Return a run of the network with ``rows`` rows per batch, in the middle of its only epoch."""
    if not data.exists():
        random = np.random.default_rng(0)
        with h5py.File(data, "w") as file:
            file["x"] = random.random((2 * MORE * (WARM_UP + STEPS), 1, 8, 8), np.float32)
            file["y"] = random.integers(0, 10, len(file["x"]))
    data_keys = {"path": str(data), "inputs": "x", "targets": "y", "task": "classification", "validation": 0, "test": 0}
    train = {"epochs": 1, "batch_size": rows, "patience": 0}
    config = build_config({**network, "data": data_keys, "train": train})
    run, _ = assemble_trainer(config, load_splits(config))
    advance(run, WARM_UP)
    return run


def advance(run: Trainer, steps: int) -> None:
    """Run some steps."""
    for _ in range(steps):
        assert run.train_step() is not None


def counted(run: Trainer) -> tuple[Counter[str], list[str]]:
    """Return the calls of one step, and the arrays that are not counted after it."""
    dress(run)
    # Outputs and buffers are created again, like counted arrays.
    run.network.model.clear_state()
    run.network.criterion.clear_state()
    advance(run, WARM_UP)
    # Exclude arrays that are no longer written, such as the gradient of an input that is skipped.
    dress(run)
    with calls() as found:
        advance(run, 1)
    return found, dress(run)


def memory(run: Trainer) -> tuple[int, int]:
    """Return the peak bytes that a step allocates, and the bytes of arrays alive after STEPS more."""
    tracemalloc.start()
    try:
        advance(run, 1)
        before, peaks = bytes_of_arrays(), []
        for _ in range(STEPS):
            held, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            advance(run, 1)
            peaks.append(tracemalloc.get_traced_memory()[1] - held)
        return min(peaks), bytes_of_arrays() - before
    finally:
        tracemalloc.stop()


def bytes_of_arrays() -> int:
    """Return the memory of all arrays created since tracing started."""
    gc.collect()
    arrays = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces([arrays]).traces)
