"""A plugin of optimizers, schedules and metrics with one mistake each, which the law of the same row must find."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.hooks import hookimpl
from nntrain.nn import Array
from nntrain.optim import Optimizer, Schedule
from nntrain.training import Metric


class Right(Optimizer):
    """A mean of gradients, without a mistake."""

    state_names = ("m",)

    def __init__(self, learning_rate: float = 0.1) -> None:
        self.learning_rate = learning_rate
        self.m: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.m is None:
            self.m = np.zeros_like(w)
        np.add(self.m, dw, out=self.m)
        np.multiply(self.m, 0.5, out=self.m)
        w -= np.multiply(self.m, self.learning_rate, out=self.get_scratch(w))


class Climbs(Right):
    def step(self, w: Array, dw: Array) -> None:
        w += np.multiply(dw, self.learning_rate, out=self.get_scratch(w))


class WritesGradient(Right):
    def step(self, w: Array, dw: Array) -> None:
        dw *= 0.1
        super().step(w, dw)


class KeepsDouble(Right):
    def step(self, w: Array, dw: Array) -> None:
        if self.m is None:
            self.m = np.zeros(w.shape)
        super().step(w, dw)


class Forgets(Right):
    state_names = ()


class OwnRate(Right):
    def step(self, w: Array, dw: Array) -> None:
        w -= np.multiply(dw, 0.1, out=self.get_scratch(w))


class Allocates(Right):
    def step(self, w: Array, dw: Array) -> None:
        w -= self.learning_rate * dw


class ChangesOption(Right):
    mutable_arguments = ("learning_rate",)

    def __init__(self, learning_rate: float = 0.1) -> None:
        super().__init__(learning_rate / 2)


class Steady(Schedule):
    """The peak, without a mistake."""

    def compute_factor(self, step: int, steps: int) -> float:
        return 1.0


class Below(Steady):
    def compute_factor(self, step: int, steps: int) -> float:
        return 1 - 2 * step / steps


class Divides(Steady):
    def compute_factor(self, step: int, steps: int) -> float:
        return step / (steps - 1)


class Counts(Steady):
    calls = 0

    def compute_factor(self, step: int, steps: int) -> float:
        self.calls += 1
        return 1 / self.calls


class Falls(Steady):
    def compute_warm_up(self, step: int, steps: int) -> float:
        return 1 - step / steps


class Hears(Steady):
    share_left = 1.0

    def observe_score(self, score: float) -> None:
        self.share_left *= 0.9

    def compute_factor(self, step: int, steps: int) -> float:
        return self.share_left


class ChangesCourse(Steady):
    mutable_arguments = ("floor",)

    def __init__(self, floor: float = 0.5, warm_up: float = 0) -> None:
        super().__init__(warm_up)
        self.floor = floor / 2


class Hits(Metric):
    """The share of right predictions, without a mistake."""

    name = "hits"
    tasks = ("classification",)
    takes = "labels"
    state_names = ("right", "rows")

    def reset(self, task: Any, labels: Any) -> None:
        super().reset(task, labels)
        self.right = self.rows = 0.0

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        self.right += float(self.sum_terms(y == t, weights))
        self.rows += self.sum_weights(t, weights)

    def compute(self) -> Any:
        return self.right / self.rows if self.rows else float("nan")


class HitsOfBatches(Hits):
    name = "hits_of_batches"

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        self.right += float(self.sum_terms(y == t, weights)) / self.sum_weights(t, weights)
        self.rows += 1


class HitsForever(Hits):
    name = "hits_forever"

    def reset(self, task: Any, labels: Any) -> None:
        Metric.reset(self, task, labels)
        self.right = getattr(self, "right", 0.0)
        self.rows = getattr(self, "rows", 0.0)


class HitsOfNow(Hits):
    name = "hits_of_now"
    state_names = ("right",)


class HitsUnweighed(Hits):
    name = "hits_unweighed"

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        super().update(y, t)


class HitsOfViews(Hits):
    name = "hits_of_views"

    def reset(self, task: Any, labels: Any) -> None:
        super().reset(task, labels)
        self.batches: list[tuple[Array, Array, Array | None]] = []

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        self.batches.append((y, t, weights))

    def compute(self) -> Any:
        self.right = self.rows = 0.0
        for batch in self.batches:
            super().update(*batch)
        return super().compute()


class HitsTurned(Hits):
    name = "hits_turned"
    higher_is_better = False


class HitsTable(Hits):
    name = "hits_table"

    def compute(self) -> Any:
        return {"all": {"hits": super().compute()}}


# The law that must find it, and what a config calls it.
MISTAKES = [
    ("optimizer", "loss_decreases", "climbs"),
    ("optimizer", "step_updates_in_place_and_keeps_gradient", "writesgradient"),
    ("optimizer", "step_updates_in_place_and_keeps_gradient", "keepsdouble"),
    ("optimizer", "resumes_bit_for_bit", "forgets"),
    ("optimizer", "learning_rate_can_be_set", "ownrate"),
    ("optimizer", "repeated_steps_allocate_nothing", "allocates"),
    ("optimizer", "spec_round_trip", "changesoption"),
    ("schedule", "learning_rates_are_finite", "below"),
    ("schedule", "learning_rates_are_finite", "divides"),
    ("schedule", "learning_rate_depends_on_step_only", "counts"),
    ("schedule", "warm_up_increases", "falls"),
    ("schedule", "state_round_trip", "hears"),
    ("schedule", "spec_round_trip", "changescourse"),
    ("metric", "batches_match_all_rows", "hits_of_batches"),
    ("metric", "reset_clears_state", "hits_forever"),
    ("metric", "state_round_trip", "hits_of_now"),
    ("metric", "sample_weights_match_repeated_rows", "hits_unweighed"),
    ("metric", "batches_are_not_modified_or_kept", "hits_of_views"),
    ("metric", "higher_is_better_is_correct", "hits_turned"),
    ("metric", "value_matches_is_scalar", "hits_table"),
]


@hookimpl
def nntrain_optimizers() -> list[type[Optimizer]]:
    return [Right, *Right.__subclasses__()]


@hookimpl
def nntrain_schedules() -> list[type[Schedule]]:
    return [Steady, *Steady.__subclasses__()]


@hookimpl
def nntrain_metrics() -> list[type[Metric]]:
    return [Hits, *Hits.__subclasses__()]
