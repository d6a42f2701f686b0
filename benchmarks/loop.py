"""Overhead of an epoch of ``nntrain fit`` over its bare training steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.comparison import Case, Comparison, Goal, Row, Settings
from benchmarks.endless_run import EndlessRun
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.ours import stepper
from benchmarks.pairing import alternate, turn
from nntrain.compute.threads import configure_compute
from nntrain.training.trainer import Trainer

__all__ = ["COMPARISON"]

BARE, LOOP = "bare steps", "nntrain fit"

# Networks with the number of steps per epoch.
NETWORKS = {
    "small": (MLP(32, 20, 64), 100),
    "medium": (MLP(256, 50, 128), 100),
    "wide": (MLP(128, 784, 512), 50),
    "large": (MLP(1024, 784, 1024), 10),
}


def cases(settings: Settings) -> Sequence[Case]:
    """Return every network."""
    return [Case(name) for name in NETWORKS if not (settings.quick and name == "large")]


def measure(case: Case, settings: Settings) -> Row:
    """Measure epochs of both in turns, in microseconds per step."""
    mlp, steps = NETWORKS[case.name]
    with TemporaryDirectory() as folder, configure_compute():
        whole = EndlessRun(mlp, mlp.batch * steps, Path(folder))
        bare = turn(bare_epoch(whole.run, mlp), settings.seconds)
        turns = {BARE: bare, LOOP: whole.turn(max(round(settings.seconds / bare()), 2))}
        taken = alternate(turns, settings.rounds)
    each = {side: [seconds / steps * 1e6 for seconds in rounds] for side, rounds in taken.items()}
    return Row.of(Case(f"{case.name}: {mlp}"), each, BARE, {LOOP: Goal(1.1, at_most=True)})


def bare_epoch(run: Trainer, mlp: MLP) -> Callable[[], None]:
    """Shuffle; then per batch: gather rows, forward, loss, backward, update."""
    step = stepper(mlp, run.network.model.clone())
    x, t = run.splits.train.inputs, run.splits.train.targets
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


COMPARISON = Comparison(
    "The whole loop",
    "Time per step of an epoch of `nntrain fit` against the bare step: the same network, batches and optimizer (SGD), "
    "also shuffled and gathered. The loop adds the loss and the accuracy of the training rows, the progress bar, "
    "the line of metrics and the copy of the best network. Rows are in memory, without a validation set.",
    "µs",
    cases,
    measure,
    base=BARE,
)
