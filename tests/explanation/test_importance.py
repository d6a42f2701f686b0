"""Permutation importance on data with known answers, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.inspection import permutation_importance

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.explanation.column_span import find_column_spans
from nntrain.explanation.dataset_rows import space_evenly
from nntrain.explanation.permutation_importance import (
    T_QUANTILES,
    ColumnImportance,
    collect_outputs,
    compute_permutation_importance,
)
from nntrain.report.trained_run import TrainedRun
from nntrain.training.metrics.metric_selection import build_metric
from tests.report import runs


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> TrainedRun:
    return TrainedRun.load(runs.two_classes(tmp_path_factory.mktemp("importance")))


def compute(run: TrainedRun, metric: str, repeats: int = 20) -> dict[str, ColumnImportance]:
    assert run.network is not None
    assert run.rows is not None
    found = compute_permutation_importance(
        run.network,
        run.rows.splits.datasets["test"],
        find_column_spans(run.network.preprocessor),
        build_metric(run.network.task, metric),
        repeats=repeats,
    )
    return {column.name: column for column in found}


class Network(BaseEstimator):  # type: ignore[misc]
    """The network of a run as an estimator of scikit-learn, whose columns are the encoded inputs."""

    def __init__(self, run: TrainedRun) -> None:
        self.run = run

    def fit(self, x: Array, y: Array) -> Network:
        return self

    def predict(self, x: Array) -> Array:
        network = self.run.network
        assert network is not None
        return network.task.to_metric_predictions(collect_outputs(network, x.astype(np.float32)), "labels")


def test_a_column_that_decides_is_important_and_noise_is_not(run: TrainedRun) -> None:
    found = compute(run, "accuracy")
    assert found["a"].low > 0
    assert found["a"].importance > found["b"].importance
    assert found["noise"].low <= 0 <= found["noise"].high
    assert list(found) == sorted(found, key=lambda name: -found[name].importance)


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "roc_auc"])
def test_a_better_score_counts_as_more_important(run: TrainedRun, metric: str) -> None:
    assert compute(run, metric, repeats=5)["a"].importance > 0


def test_the_importance_of_the_loss_is_that_of_log_loss(run: TrainedRun) -> None:
    assert run.network is not None
    assert run.rows is not None
    assert not run.network.scoring_criterion.label_smoothing
    spans = find_column_spans(run.network.preprocessor)
    test = run.rows.splits.datasets["test"]
    loss = compute_permutation_importance(run.network, test, spans, None, repeats=3)
    expected = compute(run, "log_loss", repeats=3)
    for column in loss:
        assert column.importance == pytest.approx(expected[column.name].importance, abs=1e-6)


def test_the_interval_covers_the_importance_in_a_large_set(run: TrainedRun) -> None:
    """Small sets are drawn from all rows of the run, for which the importance is known."""
    network = run.network
    assert network is not None
    assert run.rows is not None
    sets = run.rows.splits.datasets.values()
    inputs = np.concatenate([dataset.inputs for dataset in sets])
    targets = np.concatenate([dataset.targets for dataset in sets if dataset.targets is not None])
    spans, metric = find_column_spans(network.preprocessor), build_metric(network.task, "accuracy")
    whole = Dataset(inputs, targets, len(inputs))
    truth = {
        column.name: column.importance
        for column in compute_permutation_importance(network, whole, spans, metric, repeats=40)
    }
    random = np.random.default_rng(3)
    covered = 0
    for _ in range(25):
        drawn = random.integers(0, len(inputs), 60)
        small = Dataset(inputs[drawn], targets[drawn], 60)
        found = compute_permutation_importance(network, small, spans, metric)
        covered += sum(column.low <= truth[column.name] <= column.high for column in found)
    assert covered >= 0.9 * 25 * len(spans)


def test_at_most_so_many_rows_are_scored(run: TrainedRun) -> None:
    assert run.network is not None
    assert run.rows is not None
    test = run.rows.splits.datasets["test"]
    assert test.targets is not None
    spans, metric = find_column_spans(run.network.preprocessor), build_metric(run.network.task, "accuracy")
    rows = space_evenly(test.rows, 20)
    some = Dataset(test.inputs[rows], test.targets[rows], 20)
    found = compute_permutation_importance(run.network, test, spans, metric, max_rows=20)
    assert found == compute_permutation_importance(run.network, some, spans, metric)


def test_a_score_that_is_undefined_has_no_importance(run: TrainedRun) -> None:
    """Rows of one class have no ROC curve."""
    assert run.network is not None
    assert run.rows is not None
    test = run.rows.splits.datasets["test"]
    assert test.targets is not None
    rows = np.flatnonzero(np.asarray(test.targets) == 1)
    one = Dataset(test.inputs[rows], test.targets[rows], len(rows))
    spans, metric = find_column_spans(run.network.preprocessor), build_metric(run.network.task, "roc_auc")
    found = compute_permutation_importance(run.network, one, spans, metric)
    assert all(np.isnan([column.importance, column.low, column.high]).all() for column in found)
    assert [column.name for column in found] == [span.name for span in spans]


def test_it_agrees_with_scikit_learn(run: TrainedRun) -> None:
    assert run.rows is not None
    assert run.network is not None
    test = run.rows.splits.datasets["test"]
    expected = permutation_importance(
        Network(run), test.inputs, test.targets, scoring="accuracy", n_repeats=50, random_state=0
    )
    spans = {span.name: span for span in find_column_spans(run.network.preprocessor)}
    for name, column in compute(run, "accuracy", repeats=50).items():
        if spans[name].positions is not None and len(spans[name].positions) == 1:
            mean = expected.importances_mean[spans[name].positions[0]]
            assert column.low <= mean <= column.high
            assert abs(column.importance - mean) < 0.03


def test_a_category_is_permuted_as_a_whole(run: TrainedRun) -> None:
    assert run.network is not None
    assert run.rows is not None
    inputs = run.rows.splits.datasets["test"].inputs
    (span,) = (span for span in find_column_spans(run.network.preprocessor) if span.name == "kind")
    assert span.positions is not None
    assert len(span.positions) == 3
    order = np.random.default_rng(0).permutation(len(inputs))
    changed = span.replace(inputs, span.get(inputs)[order])
    assert (changed[:, span.positions].sum(axis=1) == 1).all()
    others = np.delete(np.arange(inputs.shape[1]), span.positions)
    assert (changed[:, others] == inputs[:, others]).all()


def test_the_same_seed_gives_the_same_numbers(run: TrainedRun) -> None:
    assert compute(run, "accuracy", repeats=3) == compute(run, "accuracy", repeats=3)


def test_the_quantiles_are_those_of_the_distribution() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy comes with scikit-learn")
    np.testing.assert_allclose(T_QUANTILES, stats.t.ppf(0.975, np.arange(1, 31)), atol=6e-4)
