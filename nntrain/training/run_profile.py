"""Where the time of a run goes: its layers, and what is done around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from nntrain.compute.array import Array
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module
from nntrain.optim.optimizer import OpFunc
from nntrain.training.events import Events
from nntrain.training.run import Run
from nntrain.training.saver import Saver
from nntrain.training.stopwatch import Stopwatch, Timed, TimeSpent

__all__ = ["ProfileRow", "RunProfile", "named_modules"]

FORWARD = ("forward", "update_output")
BACKWARD = ("backward", "update_grad_input", "acc_grad_parameters")

# What is done around the layers, in the order in which it is told.
PARTS = ("data", "metrics", "gradients", "optimizer", "average", "evaluation", "checkpoint", "progress")

# Parts in which something else may be timed.
OPEN = ("gradients", "optimizer")


@dataclass(frozen=True)
class ProfileRow:
    """One thing that took time: a module under its way, or another part of a run; ``ways``: how it was called."""

    name: str
    ways: Mapping[str, TimeSpent]

    @property
    def seconds(self) -> float:
        """All ways together."""
        return sum(spent.seconds for spent in self.ways.values())

    @property
    def calls(self) -> int:
        """How often it was done."""
        return max(spent.calls for spent in self.ways.values())


class RunProfile:
    """A context in which a run is timed. Nothing of it stays on the run afterwards.

    Functions of the run's parts are hidden by timed ones, as attributes of the very objects: so a run that is not
    timed knows nothing of this. The time of a container is what it adds to that of its modules.
    """

    def __init__(self, run: Run, events: Events, saver: Saver) -> None:
        self.run, self.events, self.saver = run, events, saver
        self.began = run.step
        self.stopwatch = Stopwatch()
        self.modules = [
            (module, ProfileRow(name, {"forward": TimeSpent(), "backward": TimeSpent()}))
            for name, module in named_modules(run.network.model)
        ]
        self.criterion = ProfileRow("criterion", {"forward": TimeSpent(), "backward": TimeSpent()})
        self.parts = {name: TimeSpent(whole=name not in OPEN) for name in PARTS}

    def __enter__(self) -> RunProfile:
        run = self.run
        for module, row in self.modules:
            self._hide_passes(module, row)
        self._hide_passes(run.network.criterion, self.criterion)
        self._hide(run.micro_batches, "gather", self.parts["data"])
        self._hide(run.batches, "start", self.parts["data"])
        self._hide(run.board, "update", self.parts["metrics"])
        self._hide(run.optimizer, "advance", self.parts["optimizer"], self._with_timed_objective(run.optimizer.advance))
        if run.average is not None:
            self._hide(run.average, "update", self.parts["average"])
        self._hide(run.network, "score", self.parts["evaluation"])
        self._hide(run.network, "tree", self.parts["checkpoint"])
        for name in ("begin", "save", "wait"):
            self._hide(self.saver, name, self.parts["checkpoint"])
        for name in ("started", "stepped", "epoch_ended", "ended"):
            self._hide(self.events, name, self.parts["progress"])
        self.stopwatch.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopwatch.turn(self.stopwatch.rest)
        run = self.run
        parts = (run.network.criterion, run.micro_batches, run.batches, run.board, run.optimizer, run.average)
        # A module may have made copies of others meanwhile.
        for owner in (*run.network.model.list_modules(), *parts, run.network, self.saver, self.events):
            for name, value in list(vars(owner).items()) if owner is not None else ():
                if isinstance(value, Timed):
                    delattr(owner, name)

    def timed(self, part: str, function: Callable[..., Any]) -> Timed:
        """A function whose time is that of a part."""
        return Timed(self.stopwatch, self.parts[part], function.__name__, function)

    def rows(self) -> Iterator[ProfileRow]:
        """Everything that took time: the modules from the outermost in, the criterion, the parts, and the rest."""
        yield from (row for _, row in self.modules)
        yield self.criterion
        yield from (ProfileRow(name, {"call": spent}) for name, spent in self.parts.items() if spent.calls)
        yield ProfileRow("other", {"call": self.stopwatch.rest})

    @property
    def seconds(self) -> float:
        """The whole."""
        return sum(row.seconds for row in self.rows())

    def tree(self) -> dict[str, Any]:
        """The same as JSON values."""
        whole = self.seconds
        layers = {id(row) for _, row in self.modules}
        told: dict[str, Any] = {"seconds": whole, "steps": self.run.step - self.began, "layers": [], "parts": []}
        for row in self.rows():
            share = row.seconds / whole if whole else 0.0
            ways = {way: {"seconds": spent.seconds, "calls": spent.calls} for way, spent in row.ways.items()}
            told["layers" if id(row) in layers else "parts"].append(
                {"name": row.name, "seconds": row.seconds, "share": share, "calls": row.calls}
                | (ways if len(ways) > 1 else {})
            )
        return told

    def _hide_passes(self, owner: Any, row: ProfileRow) -> None:
        """Time the passes of a module or a criterion."""
        for way, names in {"forward": FORWARD, "backward": BACKWARD}.items():
            for name in names:
                if hasattr(owner, name):
                    self._hide(owner, name, row.ways[way])

    def _hide(self, owner: Any, name: str, spent: TimeSpent, function: Callable[..., Any] | None = None) -> None:
        """Put a timed function in the place of a method."""
        setattr(owner, name, Timed(self.stopwatch, spent, name, function or getattr(owner, name)))

    def _with_timed_objective(self, advance: Callable[[OpFunc, Array], list[float]]) -> Callable[..., list[float]]:
        """``advance``, to which the time in the function that it lowers does not belong."""

        def advance_timed(objective: OpFunc, w: Array) -> list[float]:
            return advance(Timed(self.stopwatch, self.parts["gradients"], "call", objective), w)

        return advance_timed


def named_modules(module: Module, way: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Module]]:
    """Every module once, called as errors call it: ``Sequential[2] > ConcatTable[0] > Linear(4 -> 3)``."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    yield way + module.label(), module
    for index, child in enumerate(module.children()):
        # An error inside a decorator is told as that of the module in it.
        step = "" if isinstance(module, Decorator) else f"{type(module).__name__}[{index}] > "
        yield from named_modules(child, way + step, seen)
