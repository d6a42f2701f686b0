"""Metrics receive the rows of several batches at once."""

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.data.targets.number_target import NumberTarget
from nntrain.errors import CheckpointError
from nntrain.training import metric_collection
from nntrain.training.metric_collection import MetricCollection
from nntrain.training.metrics.mae import MAE
from nntrain.training.metrics.r2 import R2
from nntrain.training.tasks.regression import Regression

Batch = tuple[float, Array, Array, Array | None]


def build_metrics() -> MetricCollection:
    target = NumberTarget(["t"], ["number"], np.array([10.0]), np.array([2.0]))
    return MetricCollection(Regression(target, nn.MSECriterion()), [R2(), MAE()])


def draw_batches(*, weighted: bool = False) -> list[Batch]:
    rng = np.random.default_rng(1)
    arrays = [[rng.normal(size=shape).astype(np.float32) for shape in ((7, 1), (7, 1), 7)] for _ in range(9)]
    return [(1.0, y, t, np.abs(w) if weighted else None) for y, t, w in arrays]


def update(metrics: MetricCollection, batches: list[Batch]) -> dict[str, Any]:
    for batch in batches:
        metrics.update(*batch)
    return metrics.compute()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("count", range(10))
def test_scores_do_not_depend_on_when_they_are_saved(
    count: int, weighted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_collection, "BUFFER_SIZE", 20)
    batches = draw_batches(weighted=weighted)
    whole = update(build_metrics(), batches)
    saved, resumed = build_metrics(), build_metrics()
    for batch in batches[:count]:
        saved.update(*batch)
    state = saved.state()
    assert update(saved, batches[count:]) == whole
    resumed.restore(state)
    assert update(resumed, batches[count:]) == whole


@pytest.mark.parametrize("weighted", [False, True])
def test_scores_are_those_of_all_rows(weighted: bool) -> None:
    batches = draw_batches(weighted=weighted)
    y, t = (2 * np.concatenate([batch[index] for batch in batches]) for index in (1, 2))
    w = np.concatenate([np.ones(7) if batch[3] is None else batch[3] for batch in batches])
    assert update(build_metrics(), batches)["mae"] == pytest.approx(np.average(np.abs(y - t)[:, 0], weights=w))


def test_large_batches_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_collection, "BUFFER_SIZE", 7)
    metrics = build_metrics()
    update(metrics, draw_batches())
    assert metrics.state()["buffered"] == {}


@pytest.mark.parametrize(
    "buffered",
    [{"0": "text"}, {"0": np.ones((3, 1))}, {"0": np.ones((3, 1)), "1": np.ones((2, 1))}, {"0": np.ones((3, 2, 4))}],
)
def test_wrong_rows_of_a_checkpoint_are_refused(buffered: dict[str, Any]) -> None:
    metrics = build_metrics()
    with pytest.raises(CheckpointError, match="board: buffered: expected rows of outputs and targets"):
        metrics.restore(metrics.state() | {"buffered": buffered})


def test_a_state_of_an_older_version_is_restored() -> None:
    metrics, batches = build_metrics(), draw_batches()
    state = metrics.state()
    del state["buffered"]
    metrics.restore(state)
    assert update(metrics, batches) == update(build_metrics(), batches)
