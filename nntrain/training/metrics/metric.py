"""The base of all metrics. Public: a plugin's metric is a subclass, registered by the hook ``nntrain_metrics``."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError
from nntrain.specs.configurable import Configurable, get_signature, to_plain
from nntrain.specs.state_schema import validate_state

if TYPE_CHECKING:
    from nntrain.data.targets.target import TaskType

PredictionForm: TypeAlias = Literal["labels", "probabilities", "numbers"]


class Metric(Configurable, ABC):
    """A score over rows in batches: ``reset``, which calls ``clear``, ``update`` for each batch, ``compute``.

    ``name``: its name in a config, where the arguments of its constructor are its options.
    ``tasks``: the tasks it supports. ``takes``: the form of predictions y; targets t have the form of the task.

        task            takes            y                    t
        classification  "labels"         integers (N,)        integers (N,)
        classification  "probabilities"  floats (N, classes)  integers (N,)
        multilabel      "labels"         booleans (N, L)      booleans (N, L)
        multilabel      "probabilities"  floats (N, L)        booleans (N, L)
        regression      "numbers"        floats (N, k)        floats (N, k), both in the units of the file

    ``is_scalar``: whether ``compute`` returns one number. Otherwise it returns a table, {row: {column: number}}, which
    cannot be monitored. ``keeps_rows``: whether memory grows with the rows; such metrics can be excluded for training
    rows.
    ``state_names``: the attributes that ``clear`` sets and ``update`` changes: numbers and arrays.
    """

    name: ClassVar[str]
    tasks: ClassVar[tuple[TaskType, ...]]
    takes: ClassVar[PredictionForm]
    higher_is_better: ClassVar[bool] = True
    is_scalar: ClassVar[bool] = True
    keeps_rows: ClassVar[bool] = False
    state_names: ClassVar[tuple[str, ...]] = ()

    # The positive (second) of two classes, if ``data.positive`` names it. Set before ``reset``.
    positive: str | None = None

    @property
    def key(self) -> str:
        """The name in tables and ``train.monitor``, with the options that differ from the defaults: f1_micro."""
        known = get_signature(type(self)).parameters
        special = (to_plain(value) for name, value in self.get_arguments().items() if value != known[name].default)
        return "_".join([self.name, *map(str, special)])

    def reset(self, task: TaskType, labels: Sequence[str]) -> None:
        """Forget all rows. ``labels``: the names of the classes, labels or numbers. ArgumentError if invalid."""
        self.task = task
        self.labels = list(labels)
        self.clear()

    def clear(self) -> None:
        """Set the attributes of ``state_names`` for no rows. ArgumentError for an option that does not fit the task."""

    def get_bytes_per_row(self, *, is_weighted: bool = False) -> int:
        """Return the peak memory per row if it ``keeps_rows``, with sample weights if ``is_weighted``."""
        return 0

    @abstractmethod
    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        """Add a batch, whose arrays the next batch overwrites. ``weights`` (N,): sample weights."""

    @abstractmethod
    def compute(self) -> Any:
        """Return the score of all rows so far; NaN if it is undefined."""

    def state(self) -> dict[str, Any]:
        """Return its state, so that a run can stop in the middle of an epoch."""
        return {name: copy.copy(getattr(self, name)) for name in self.state_names}

    def restore(self, state: dict[str, Any]) -> None:
        """Restore a ``state`` after ``reset``. CheckpointError if its types differ from those that ``reset`` sets.

        An axis that has length 0 or 1 after ``reset`` may have become longer.
        """
        own = {name: getattr(self, name) for name in self.state_names}
        schema = {name: value if isinstance(value, np.ndarray) else float for name, value in own.items()}
        for name, value in validate_state(state, schema, self.key).items():
            setattr(self, name, copy.copy(value))

    def require(self, condition: bool, what: str) -> None:
        """ArgumentError unless ``condition``."""
        if not condition:
            raise ArgumentError(f"{self.name}: {what}")

    @staticmethod
    def sum_weights(t: Array, weights: Array | None) -> float:
        """Σ w; the number of rows without weights."""
        return float(len(t)) if weights is None else float(weights.sum(dtype=np.float64))

    @staticmethod
    def sum_terms(terms: Array, weights: Array | None) -> Array:
        """Σ w term over rows, in float64: one number for (N,), one per column for (N, k)."""
        if weights is None:
            return np.add.reduce(terms, axis=0, dtype=np.float64)
        return np.dot(weights.astype(np.float64), terms)


def to_integer_if_whole(count: float) -> float:
    """Return a count of rows as an integer if it is one; with weights it may be fractional."""
    return int(count) if float(count).is_integer() else float(count)
