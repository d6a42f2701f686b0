"""A run looked at before it is begun: nothing is written, and nothing trained but a few steps to measure them."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.data.inspection import Inspection, inspect
from nntrain.nn.batch_axis import forward_batch
from nntrain.optim.schedules.schedule_preview import SchedulePreview
from nntrain.training.assemble import assemble, options_of
from nntrain.training.footprint import footprint
from nntrain.training.layer_row import LayerRow, layer_rows
from nntrain.training.rates import too_long_warm_up
from nntrain.training.row_limit import within_memory
from nntrain.training.run import Run
from nntrain.training.trained_network import rows

__all__ = ["Check", "check"]

# Rows that are sent through the network to see the shapes.
SAMPLE = 2

# Steps are measured until there are so many, or so many seconds are over.
STEPS = 20
SECONDS = 0.5


@dataclass(frozen=True)
class Check:
    """``memory`` in bytes, ``seconds`` those of a step; ``settings``: epochs, batch size and patience as decided."""

    data: Inspection
    path: str
    layers: list[LayerRow]
    parameters: int
    criterion: str
    optimizer: str
    settings: dict[str, Any]
    steps: int
    plan: SchedulePreview | None
    memory: dict[str, int]
    seconds: float
    problems: list[str]

    def tree(self) -> dict[str, Any]:
        """The same as JSON values."""
        prepared = self.data.prepared
        return {
            "data": {
                "path": self.path,
                "fingerprint": prepared.fingerprint,
                "rows": {name: part.rows for name, part in prepared.parts.items()},
                "task": prepared.schema.target.task,
                "columns": [asdict(column) for column in self.data.columns],
                "balance": self.data.balance,
                "repeats": [asdict(found) for found in self.data.repeats],
            },
            "network": {"layers": [asdict(layer) for layer in self.layers], "parameters": self.parameters},
            "criterion": self.criterion,
            "optimizer": self.optimizer,
            "train": self.settings,
            "schedule": None if self.plan is None else asdict(self.plan),
            "memory": self.memory,
            "time": {
                "seconds_per_step": self.seconds,
                "steps_per_epoch": self.steps,
                "seconds_per_epoch": self.seconds * self.steps,
            },
            "notes": [note for note in prepared.notes if note not in self.problems],
            "problems": self.problems,
        }


def check(config: Config) -> Check:
    """Make everything that a run needs and look at it. Raises what ``fit`` would."""
    found = inspect(options_of(config), config.train.seed)
    run, decided = assemble(config, found.prepared)
    model = run.network.model
    model.evaluate()
    with configure_compute(), within_memory(), np.errstate(all="ignore"):
        count = min(SAMPLE, found.prepared.train.rows)
        forward_batch(model, run.network.typed(rows(found.prepared.train.inputs, 0, SAMPLE)), count)
        layers = layer_rows(model, count)
        seconds = seconds_of_a_step(run)
    return Check(
        data=found,
        path=config.data.path,
        layers=layers,
        parameters=int(run.w.size),
        criterion=repr(run.network.criterion),
        optimizer=repr(run.optimizer),
        settings=decided.train.model_dump(include={"epochs", "batch_size", "patience", "monitor"}),
        steps=len(run.micro_batches),
        plan=run.plan(),
        memory=footprint(run),
        seconds=seconds,
        problems=[*found.problems, *too_long_warm_up(run)],
    )


def seconds_of_a_step(run: Run) -> float:
    """The median of a few steps after the first, which makes the buffers."""
    run.advance()
    taken: list[float] = []
    begin = time.perf_counter()
    while len(taken) < STEPS and time.perf_counter() - begin < SECONDS:
        start = time.perf_counter()
        if run.advance() is None:
            run.batches.start(run.batches.epoch + 1)
        else:
            taken.append(time.perf_counter() - start)
    return median(taken)
