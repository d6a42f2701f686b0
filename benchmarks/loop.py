"""An epoch of ``nntrain fit`` beside the bare steps in it: what all that goes on around them costs."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import h5py
import numpy as np
from tqdm import tqdm

from benchmarks.comparison import Case, Comparison, Goal, Row, Settings
from benchmarks.mlp.mlp import CLASSES, MLP, RATE
from benchmarks.mlp.ours import network, stepper
from benchmarks.pairing import Turn, alternate, turn
from nntrain.cli.progress import Progress
from nntrain.config.config import Config
from nntrain.config.load import config_of
from nntrain.nn.threads import at_work
from nntrain.training.listeners import Listeners
from nntrain.training.loop import train
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder
from nntrain.training.start import begin, prepare

__all__ = ["COMPARISON"]

BARE, LOOP = "bare steps", "nntrain fit"

# Each with the steps of an epoch.
NETWORKS = {
    "small": (MLP(32, 20, 64), 100),
    "medium": (MLP(256, 50, 128), 100),
    "wide": (MLP(128, 784, 512), 50),
    "large": (MLP(1024, 784, 1024), 10),
}


class Watch(Progress):
    """The progress that a user sees, with its bar, on no terminal; and the seconds of each epoch."""

    def started(self, epoch: int, epochs: int, steps: int) -> None:
        super().started(epoch, epochs, steps)
        self.bar = tqdm(total=epochs * steps, unit="step", file=open(os.devnull, "w"))  # noqa: SIM115
        self.seconds: list[float] = []
        self.since = time.perf_counter()

    def epoch_ended(self, line: dict[str, Any]) -> None:
        super().epoch_ended(line)
        now = time.perf_counter()
        self.seconds.append(now - self.since)
        self.since = now


def cases(settings: Settings) -> Sequence[Case]:
    """Every network."""
    return [Case(name) for name in NETWORKS if not (settings.quick and name == "large")]


def measure(case: Case, settings: Settings) -> Row:
    """Epochs of both in turns; microseconds of a step."""
    mlp, steps = NETWORKS[case.name]
    with TemporaryDirectory() as place:
        config = config_for(mlp, steps, Path(place) / "rows.h5")
        folder = RunFolder(Path(place) / "run")
        run, config = begin(config, prepare(config), "", folder, [])
        bare = turn(bare_epoch(run, mlp), settings.seconds, at_work)
        turns = {BARE: bare, LOOP: loop_turn(run, folder, config, max(round(settings.seconds / bare()), 2))}
        taken = alternate(turns, settings.rounds)
    each = {side: [seconds / steps * 1e6 for seconds in rounds] for side, rounds in taken.items()}
    return Row.of(Case(f"{case.name}: {mlp}"), each, BARE, {LOOP: Goal(1.1, at_most=True)})


def config_for(mlp: MLP, steps: int, path: Path) -> Config:
    """What trains the network on rows that are written to ``path``; it would never end."""
    numbers = np.random.default_rng(0)
    rows = mlp.batch * steps
    with h5py.File(path, "w") as file:
        file["inputs"] = numbers.standard_normal((rows, mlp.inputs), np.float32)
        file["targets"] = numbers.integers(0, CLASSES, rows)
    return config_of(
        {
            "data": {"path": str(path), "validation": 0.0, "test": 0.0, "task": "classification"},
            "model": {"modules": network(mlp).spec()["modules"]},
            "optimizer": {"type": mlp.optimizer.lower(), "learning_rate": RATE},
            "train": {"epochs": 10**9, "patience": 0, "batch_size": mlp.batch},
        }
    )


def bare_epoch(run: Run, mlp: MLP) -> Callable[[], None]:
    """Shuffle; then for each batch: gather its rows, forward, loss, backward, update."""
    step = stepper(mlp, run.network.model.clone())
    x, t = run.data.train.inputs, run.data.train.targets
    assert isinstance(x, np.ndarray)
    assert t is not None
    numbers = np.random.default_rng(0)
    batch_x, batch_t = np.empty_like(x[: mlp.batch]), np.empty_like(t[: mlp.batch])

    def epoch() -> None:
        order = numbers.permutation(len(t))
        for start in range(0, len(t), mlp.batch):
            rows = order[start : start + mlp.batch]
            np.take(x, rows, axis=0, out=batch_x, mode="clip")
            np.take(t, rows, axis=0, out=batch_t, mode="clip")
            step(batch_x, batch_t)

    return epoch


def loop_turn(run: Run, folder: RunFolder, config: Config, epochs: int) -> Turn:
    """The median time of an epoch, of so many that the loop of ``nntrain fit`` makes."""
    watch = Watch()

    def taken() -> float:
        run.epochs = run.epoch + epochs
        with at_work():
            train(run, folder, config.train, Listeners(watch, []))
        return statistics.median(watch.seconds[epochs // 2 :])

    return taken


COMPARISON = Comparison(
    "The whole loop",
    "A step of `nntrain fit`, as a share of an epoch, beside the bare step: the same network, batches and optimizer "
    "(SGD), shuffled and gathered too. The loop adds the loss and the accuracy of the training rows, the progress bar, "
    "the line of metrics and the copy of the best network. Rows are in memory, none are kept for validation.",
    "µs",
    cases,
    measure,
    base=BARE,
)
