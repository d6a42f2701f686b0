"""The base of all scores. Public: a plugin's metric is a subclass, and comes in by the hook ``nntrain_metrics``."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError
from nntrain.specs.configurable import Configurable, get_signature, to_plain
from nntrain.specs.state_schema import infer_kind, validate_state

if TYPE_CHECKING:
    from nntrain.data.targets.target import TaskType

__all__ = ["Metric", "PredictionForm", "to_integer_if_whole"]

PredictionForm: TypeAlias = Literal["labels", "probabilities", "numbers"]


class Metric(Configurable, ABC):
    """A score over rows that come in batches: ``begin``, ``update`` for each batch, ``value``.

    ``name``: what a config calls it; arguments of the constructor are the options that stand beside the name there.
    ``tasks``: what it is for. ``takes``: the form of predictions y; targets t have the form of the task.

        task            takes            y                    t
        classification  "labels"         integers (N,)        integers (N,)
        classification  "probabilities"  floats (N, classes)  integers (N,)
        multilabel      "labels"         booleans (N, L)      booleans (N, L)
        multilabel      "probabilities"  floats (N, L)        booleans (N, L)
        regression      "numbers"        floats (N, k)        floats (N, k), both in the units of the file

    ``scalar``: whether ``value`` is one number. It may be a table instead, {row: {column: number}}, which cannot be
    monitored. ``keeps_rows``: whether memory grows with the rows; such are left out while training rows go by.
    ``exact``: whether it adds up whole numbers where no row is weighed, so that it is the same to the last bit however
    the rows are divided into batches.
    ``state_names``: the attributes that ``begin`` makes and ``update`` changes: numbers and arrays.
    """

    name: ClassVar[str]
    tasks: ClassVar[tuple[TaskType, ...]]
    takes: ClassVar[PredictionForm]
    higher_is_better: ClassVar[bool] = True
    is_scalar: ClassVar[bool] = True
    keeps_rows: ClassVar[bool] = False
    is_exact: ClassVar[bool] = False
    state_names: ClassVar[tuple[str, ...]] = ()

    # The positive class, the second of two, if ``data.positive`` names it. Set before ``begin``.
    positive: str | None = None

    @property
    def key(self) -> str:
        """What tables and ``train.monitor`` call it: its name, and the options that are not the defaults: f1_micro."""
        known = get_signature(type(self)).parameters
        special = (to_plain(value) for name, value in self.get_arguments().items() if value != known[name].default)
        return "_".join([self.name, *map(str, special)])

    def reset(self, task: TaskType, labels: Sequence[str]) -> None:
        """Forget all rows. ``labels``: the names of the classes, labels or numbers. ArgumentError if it cannot be."""
        self.task = task
        self.labels = list(labels)

    def get_bytes_per_row(self, *, is_weighted: bool = False) -> int:
        """The peak memory for each row of a metric that ``keeps_rows``, with weights if ``is_weighted``."""
        return 0

    @abstractmethod
    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        """Add a batch, whose arrays are overwritten by the next. ``weights`` (N,): how much each row counts."""

    @abstractmethod
    def compute(self) -> Any:
        """The score of all rows so far; NaN where it is not defined."""

    def state(self) -> dict[str, Any]:
        """What it remembers, so that an epoch can be left in its middle."""
        return {name: copy.copy(getattr(self, name)) for name in self.state_names}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``, after ``reset``. CheckpointError if it has other things than ``reset`` makes.

        An array's axis of one number or none, as ``reset`` makes it, may have become longer.
        """
        kinds = {name: infer_kind(getattr(self, name)) for name in self.state_names}
        for name, value in validate_state(state, kinds, self.key).items():
            setattr(self, name, copy.copy(value))

    def require(self, condition: bool, what: str) -> None:
        """ArgumentError unless ``condition``."""
        if not condition:
            raise ArgumentError(f"{self.name}: {what}")

    @staticmethod
    def sum_weights(t: Array, weights: Array | None) -> float:
        """Σ w: the rows, each for what it counts."""
        return float(len(t)) if weights is None else float(weights.sum(dtype=np.float64))

    @staticmethod
    def sum_terms(terms: Array, weights: Array | None) -> Array:
        """Σ w term over rows, in float64: one number of (N,), one for each column of (N, k)."""
        if weights is None:
            return np.add.reduce(terms, axis=0, dtype=np.float64)
        return np.dot(weights.astype(np.float64), terms)


def to_integer_if_whole(count: float) -> float:
    """A count of rows as a whole number, where it is one: weights may make it another."""
    return int(count) if float(count).is_integer() else float(count)
