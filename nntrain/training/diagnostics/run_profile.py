"""The profile of a run: time and memory traffic of its layers, and of everything around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nntrain.compute.array import Array
from nntrain.optim.optimizer import OpFunc
from nntrain.training.callback import Callback
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.diagnostics.labeled_modules import PASSES, iterate_labeled_modules
from nntrain.training.diagnostics.stopwatch import Stopwatch, TimedFunction, TimeSpent
from nntrain.training.traffic.step_traffic import StepTraffic
from nntrain.training.traffic.traffic import Traffic
from nntrain.training.traffic.trainer_traffic import count_trainer_step
from nntrain.training.trainer import Trainer

# The activities around the layers, in the order of the report.
PART_NAMES = (
    *("data", "metrics", "zeroing", "penalties", "clipping", "gradients", "optimizer", "average"),
    *("evaluation", "checkpoint", "progress"),
)

# Activities that contain other timed calls.
NESTING_PARTS = ("gradients", "optimizer")


@dataclass(frozen=True)
class ProfileRow:
    """A module with its path, or another activity of a run, and its time by kind of call.

    ``traffic``: the bytes of a step by kind of call; empty if they were not counted.
    """

    name: str
    calls_by_pass: Mapping[str, TimeSpent]
    traffic: Mapping[str, Traffic] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """The seconds of all kinds of calls."""
        return sum(spent.seconds for spent in self.calls_by_pass.values())

    @property
    def calls(self) -> int:
        """The number of calls."""
        return max(spent.calls for spent in self.calls_by_pass.values())

    @property
    def step_traffic(self) -> Traffic | None:
        """The bytes of all kinds of calls in a step; None if they were not counted."""
        return sum(self.traffic.values(), Traffic()) if self.traffic else None

    def to_dict(self, total: float) -> dict[str, Any]:
        """Return the row as JSON values, with its share of ``total`` seconds."""
        share = self.seconds / total if total else 0.0
        row: dict[str, Any] = {"name": self.name, "seconds": self.seconds, "share": share, "calls": self.calls}
        if self.step_traffic is not None:
            row["bytes_per_step"] = self.step_traffic.to_dict()
        for name, spent in self.calls_by_pass.items() if len(self.calls_by_pass) > 1 else ():
            row[name] = {"seconds": spent.seconds, "calls": spent.calls}
            if name in self.traffic:
                row[name]["bytes_per_step"] = self.traffic[name].to_dict()
        return row


class RunProfile:
    """A context that times a run, and leaves no traces in it.

    Methods of the run's components are replaced by timed ones as attributes of the instances, so a run without a
    profile has no overhead. The time of a container excludes its modules. The bytes of a step are not counted in the
    run but before it, on a copy of the network (see ``count_traffic``).
    """

    def __init__(self, trainer: Trainer, callback: Callback, checkpointer: Checkpointer) -> None:
        self.trainer = trainer
        # The timed methods: their owner, the activity and their names.
        self.timed: list[tuple[Any, str, tuple[str, ...]]] = [
            (trainer.micro_batches, "data", ("gather",)),
            (trainer.data_loader, "data", ("start_epoch",)),
            (trainer.train_metrics, "metrics", ("update",)),
            (trainer.objective.lazy_zero_grad, "zeroing", ("zero_grad", "zero_unset")),
            (trainer.objective.regularizer, "penalties", ("add_gradient",)),
            (trainer.objective, "clipping", ("clip",)),
            (trainer.ema, "average", ("update",)),
            (trainer.network, "evaluation", ("score",)),
            (trainer.network, "checkpoint", ("to_tree",)),
            (checkpointer, "checkpoint", ("save_in_background", "save", "wait")),
            (callback, "progress", ("on_train_start", "on_step_end", "on_epoch_end", "on_train_end")),
        ]
        self.start_step = trainer.step
        self.traffic: StepTraffic | None = None
        self.stopwatch = Stopwatch()
        self.modules = [
            (module, ProfileRow(name, {"forward": TimeSpent(), "backward": TimeSpent()}))
            for name, module in iterate_labeled_modules(trainer.network.model)
        ]
        self.criterion = ProfileRow("criterion", {"forward": TimeSpent(), "backward": TimeSpent()})
        self.parts = {name: TimeSpent(whole=name not in NESTING_PARTS) for name in PART_NAMES}

    def __enter__(self) -> RunProfile:
        optimizer = self.trainer.optimizer
        for module, row in self.modules:
            self._patch_passes(module, row)
        self._patch_passes(self.trainer.network.criterion, self.criterion)
        self._patch(optimizer, "advance", self.parts["optimizer"], self._with_timed_objective(optimizer.advance))
        for owner, part, names in self.timed:
            for name in names if owner is not None else ():
                self._patch(owner, name, self.parts[part])
        self.stopwatch.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopwatch.switch(self.stopwatch.other)
        owners = [owner for owner, _, _ in self.timed if owner is not None]
        network = self.trainer.network
        # A module may have copied others during the run.
        for owner in (*network.model.list_modules(), network.criterion, self.trainer.optimizer, *owners):
            for name, value in list(vars(owner).items()):
                if isinstance(value, TimedFunction):
                    delattr(owner, name)

    def time_function(self, part: str, function: Callable[..., Any]) -> TimedFunction:
        """Return the function, timed as an activity."""
        return TimedFunction(self.stopwatch, self.parts[part], function.__name__, function)

    def count_traffic(self) -> None:
        """Count the bytes of a step; call it before the run. Raises the errors of ``count_trainer_step``."""
        self.traffic = count_trainer_step(self.trainer)

    def iterate_rows(self) -> Iterator[ProfileRow]:
        """Yield everything that took time: modules from the outermost, the criterion, the activities, and the rest."""
        yield from (self._add_traffic(row, str(index)) for index, (_, row) in enumerate(self.modules))
        yield self._add_traffic(self.criterion)
        yield from (
            self._add_traffic(ProfileRow(name, {"call": spent})) for name, spent in self.parts.items() if spent.calls
        )
        yield ProfileRow("other", {"call": self.stopwatch.other})

    @property
    def seconds(self) -> float:
        """The total seconds."""
        return sum(row.seconds for row in self.iterate_rows())

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as JSON values."""
        total = self.seconds
        rows = [row.to_dict(total) for row in self.iterate_rows()]
        layers, parts = rows[: len(self.modules)], rows[len(self.modules) :]
        traffic = {} if self.traffic is None else {"bytes_per_step": self.traffic.total.to_dict()}
        steps = self.trainer.step - self.start_step
        return {"seconds": total, "steps": steps} | traffic | {"layers": layers, "parts": parts}

    def _add_traffic(self, row: ProfileRow, name: str | None = None) -> ProfileRow:
        """Return a row with its bytes, which have its name or another one."""
        return row if self.traffic is None else replace(row, traffic=self.traffic.find(name or row.name))

    def _patch_passes(self, owner: Any, row: ProfileRow) -> None:
        """Time the passes of a module or a criterion."""
        for key, names in PASSES.items():
            for name in names:
                if hasattr(owner, name):
                    self._patch(owner, name, row.calls_by_pass[key])

    def _patch(self, owner: Any, name: str, spent: TimeSpent, function: Callable[..., Any] | None = None) -> None:
        """Replace a method by a timed function."""
        setattr(owner, name, TimedFunction(self.stopwatch, spent, name, function or getattr(owner, name)))

    def _with_timed_objective(self, advance: Callable[[OpFunc, Array], list[float]]) -> Callable[..., list[float]]:
        """Return ``advance`` with the time in the objective excluded."""

        def advance_timed(objective: OpFunc, w: Array) -> list[float]:
            return advance(TimedFunction(self.stopwatch, self.parts["gradients"], "call", objective), w)

        return advance_timed
