"""A run of ``nntrain fit`` in this process that continues epoch by epoch on request."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from benchmarks.mlp.mlp import CLASSES, MLP
from benchmarks.mlp.ours import network
from benchmarks.pairing import Turn
from nntrain.cli.live_bar import LiveBar
from nntrain.cli.progress_bar import ProgressBar
from nntrain.config.load import build_config
from nntrain.training.callback_list import CallbackList
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import train

__all__ = ["EndlessRun"]

# Rows to write at once.
PIECE = 1_000_000


class Watch(ProgressBar):
    """The progress bar of a terminal without a terminal, and the seconds of each epoch."""

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        super().on_train_start(epoch, epochs, steps)
        self.bar = LiveBar(open(os.devnull, "w"), plotted=True, total=epochs * steps)  # noqa: SIM115
        self.seconds: list[float] = []
        self.since = time.perf_counter()

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        super().on_epoch_end(logs)
        now = time.perf_counter()
        self.seconds.append(now - self.since)
        self.since = now


class EndlessRun:
    """The MLP with ``rows`` training rows in ``folder``; ``data``: further keys of the config's data table."""

    def __init__(self, mlp: MLP, rows: int, folder: Path, **data: Any) -> None:
        self.folder = RunFolder(folder / "run")
        path = write(folder / "rows.h5", rows, mlp.inputs)
        config = build_config(
            {
                "data": {"path": str(path), "validation": 0.0, "test": 0.0, "task": "classification", **data},
                "model": {"modules": network(mlp).spec()["modules"]},
                "optimizer": {"type": mlp.optimizer.lower(), "learning_rate": mlp.rate},
                "train": {"epochs": 10**9, "patience": 0, "batch_size": mlp.batch},
            }
        )
        self.run, self.config = start_run(config, load_splits(config), "", self.folder, [])

    def turn(self, epochs: int) -> Turn:
        """Return the median time of the second half of some epochs."""
        watch = Watch()

        def taken() -> float:
            self.run.epochs = self.run.epoch + epochs
            train(self.run, self.folder, self.config.train, CallbackList(watch, []))
            return statistics.median(watch.seconds[epochs // 2 :])

        return taken


def write(path: Path, rows: int, inputs: int) -> Path:
    """Write a file of ``rows`` rows, repeating the values of the first ones."""
    numbers = np.random.default_rng(0)
    some = min(rows, PIECE)
    x, t = numbers.standard_normal((some, inputs), np.float32), numbers.integers(0, CLASSES, some)
    with h5py.File(path, "w") as file:
        file.create_dataset("inputs", (rows, inputs), np.float32)
        file.create_dataset("targets", (rows,), np.int64)
        for start in range(0, rows, some):
            file["inputs"][start : start + some] = x
            file["targets"][start : start + some] = t
    return path
