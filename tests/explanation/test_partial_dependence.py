"""Partial dependence: values of the training rows, and the means of the predictions with them."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.tables.raw_column import RawColumn
from nntrain.explanation.column_span import find_column_spans
from nntrain.explanation.partial_dependence import (
    PartialDependence,
    choose_values,
    compute_partial_dependence,
    to_predictions,
)
from nntrain.explanation.permutation_importance import collect_outputs
from nntrain.report.trained_run import TrainedRun
from tests.report import runs


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> TrainedRun:
    return TrainedRun.load(runs.two_classes(tmp_path_factory.mktemp("dependence")))


def compute(run: TrainedRun, name: str) -> PartialDependence:
    assert run.network is not None
    assert run.rows is not None
    raw = run.rows.get_raw("train")
    assert isinstance(raw, RawTableDataset)
    (span,) = (span for span in find_column_spans(run.network.preprocessor) if span.name == name)
    column = raw.table.columns[name]
    assert isinstance(column, RawColumn)
    return compute_partial_dependence(run.network, run.rows.splits.datasets["test"].inputs, span, column)


def test_a_number_that_raises_the_probability_has_a_rising_mean(run: TrainedRun) -> None:
    found = compute(run, "a")
    assert found.outputs == ["p(yes)"]
    assert len(found.values) == 20
    assert (np.diff(found.positions) > 0).all()
    assert found.means[-1, 0] - found.means[0, 0] > 0.2
    np.testing.assert_allclose([float(value) for value in found.values], found.positions, rtol=1e-4)


def test_the_means_are_those_of_the_predictions_with_this_value(run: TrainedRun) -> None:
    network = run.network
    assert network is not None
    assert run.rows is not None
    found = compute(run, "kind")
    assert sorted(found.values) == ["x", "y", "z"]
    inputs = run.rows.splits.datasets["test"].inputs
    (span,) = (span for span in find_column_spans(network.preprocessor) if span.name == "kind")
    assert span.column is not None
    values = np.empty(1, object)
    values[0] = found.values[1]
    (one_hot,) = span.column.encode(RawColumn("kind", "text", values))
    changed = inputs.copy()
    changed[:, span.positions] = one_hot
    expected = to_predictions(network, collect_outputs(network, changed))
    np.testing.assert_allclose(found.means[1], expected.mean(axis=0), rtol=1e-5)
    assert found.curves.shape == (30, 3)


def test_values_are_distinct_or_quantiles() -> None:
    few = choose_values(RawColumn("x", "number", np.array([3.0, 1.0, np.nan, 1.0])))
    assert few.tolist() == [1.0, 3.0]
    many = choose_values(RawColumn("x", "number", np.arange(1000.0)))
    assert (many[0], many[-1], len(many)) == (0.0, 999.0, 20)
