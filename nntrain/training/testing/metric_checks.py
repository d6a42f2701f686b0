"""The checks of metrics, each for every task of the metric."""

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream
from nntrain.data.targets.target import TaskType
from nntrain.errors import ArgumentError
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.comparison import assert_close
from nntrain.training.metrics.metric import Metric
from nntrain.training.testing.training_case import TrainingCase

ROW_COUNT, TOLERANCE = 60, 1e-9


@dataclass(frozen=True)
class MetricScenario:
    """A metric after ``reset``, with predictions y and targets t of one task."""

    metric: Metric
    task: TaskType
    y: Array
    t: Array

    def score(self, y: Array, t: Array, weights: Array | None = None) -> Any:
        """Return the score of these rows alone."""
        self.metric.reset(self.task, self.metric.labels)
        self.metric.update(y, t, weights)
        return self.metric.compute()


def iterate_scenarios(case: TrainingCase) -> Iterator[MetricScenario]:
    """Yield one scenario for each task; with two classes if the metric does not support more."""
    for task in case.build().tasks:
        for count in (6, 2):
            metric = case.build()
            try:
                metric.reset(task, [f"c{index}" for index in range(count)])
            except ArgumentError:
                if count == 2:
                    raise
                continue
            yield MetricScenario(metric, task, *draw_rows(metric, task, count))
            break


def draw_rows(metric: Metric, task: TaskType, count: int) -> tuple[Array, Array]:
    """Return predictions that are better than chance, and targets."""
    generator = create_stream(0, "metric")
    y = generator.normal(size=(ROW_COUNT, count))
    t = y + generator.normal(size=y.shape)
    if task == "classification":
        p = np.exp(y) / np.exp(y).sum(1, keepdims=True)
        return (y.argmax(1) if metric.takes == "labels" else p), t.argmax(1)
    if task == "multilabel":
        return (y > 0 if metric.takes == "labels" else 1 / (1 + np.exp(-y))), t > 0
    return y, t


def get_perfect_predictions(scene: MetricScenario) -> Array:
    """Return predictions that equal the targets."""
    if scene.metric.takes == "probabilities":
        return np.eye(scene.y.shape[1])[scene.t] if scene.task == "classification" else scene.t.astype(float)
    return scene.t.copy()


@as_check
def value_matches_is_scalar(case: TrainingCase) -> None:
    """``compute`` returns one number if ``is_scalar``, else a table of numbers."""
    for scene in iterate_scenarios(case):
        value = scene.score(scene.y, scene.t)
        if scene.metric.is_scalar != isinstance(value, float | int):
            expected = "a number" if scene.metric.is_scalar else "a table of rows"
            raise CheckFailed(f"compute in {scene.task}: expected {expected}, got {type(value).__name__}")
        if not scene.metric.is_scalar and not all(isinstance(row, dict) for row in value.values()):
            raise CheckFailed(f"compute in {scene.task}: expected {{row: {{column: number}}}}, got {value!r}")


@as_check
def batches_match_all_rows(case: TrainingCase) -> None:
    """Rows in several batches, also of one row, get the same score as in one batch."""
    for scene in iterate_scenarios(case):
        whole = scene.score(scene.y, scene.t)
        scene.metric.reset(scene.task, scene.metric.labels)
        for start, stop in ((0, 1), (1, 20), (20, ROW_COUNT)):
            scene.metric.update(scene.y[start:stop], scene.t[start:stop])
        assert_close(f"value in {scene.task} of three batches", scene.metric.compute(), whole, TOLERANCE)


@as_check
def reset_clears_state(case: TrainingCase) -> None:
    """``reset`` forgets all earlier rows."""
    for scene in iterate_scenarios(case):
        first = scene.score(scene.y, scene.t)
        scene.score(scene.y[::-1][:7], scene.t[:7])
        assert_close(f"value in {scene.task} after other rows", scene.score(scene.y, scene.t), first, TOLERANCE)


@as_check
def state_round_trip(case: TrainingCase) -> None:
    """A metric with a state from the middle of the rows gives the same score."""
    for scene in iterate_scenarios(case):
        whole, other = scene.score(scene.y, scene.t), case.build()
        scene.score(scene.y[:25], scene.t[:25])
        state = copy.deepcopy(scene.metric.state())
        scene.metric.update(scene.y[:3], scene.t[:3])
        other.reset(scene.task, scene.metric.labels)
        other.restore(state)
        other.update(scene.y[25:], scene.t[25:])
        assert_close(f"value in {scene.task} after a restart", other.compute(), whole, TOLERANCE)


@as_check
def sample_weights_match_repeated_rows(case: TrainingCase) -> None:
    """A row of weight 2 counts like two rows."""
    for scene in iterate_scenarios(case):
        counts = np.arange(ROW_COUNT) % 3
        twice = scene.score(np.repeat(scene.y, counts, 0), np.repeat(scene.t, counts, 0))
        assert_close(
            f"value in {scene.task} of weights", scene.score(scene.y, scene.t, counts.astype(float)), twice, TOLERANCE
        )


@as_check
def batches_are_not_modified_or_kept(case: TrainingCase) -> None:
    """``update`` does not change a batch, which the next batch may overwrite."""
    for scene in iterate_scenarios(case):
        whole = scene.score(scene.y, scene.t)
        scene.metric.reset(scene.task, scene.metric.labels)
        y, t = scene.y[:30].copy(), scene.t[:30].copy()
        for start in (0, 30):
            y[...], t[...] = scene.y[start : start + 30], scene.t[start : start + 30]
            scene.metric.update(y, t)
            assert_close(f"predictions in {scene.task} after update", y, scene.y[start : start + 30])
            assert_close(f"targets in {scene.task} after update", t, scene.t[start : start + 30])
        assert_close(f"value in {scene.task} of one memory", scene.metric.compute(), whole, TOLERANCE)


@as_check
def higher_is_better_is_correct(case: TrainingCase) -> None:
    """Predictions that equal the targets do not score worse than others, by ``higher_is_better``."""
    for scene in iterate_scenarios(case):
        if not scene.metric.is_scalar:
            continue
        usual, best = scene.score(scene.y, scene.t), scene.score(get_perfect_predictions(scene), scene.t)
        if math.isfinite(best) and (best < usual if scene.metric.higher_is_better else best > usual):
            direction = "higher" if scene.metric.higher_is_better else "lower"
            raise CheckFailed(
                f"value in {scene.task}: got {best:.6g} for correct predictions, {usual:.6g} for others, but "
                f"{direction} is better"
            )
