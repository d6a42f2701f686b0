"""Contributions sum up to the prediction, and are exact for linear networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nntrain.errors import ModuleError
from nntrain.explanation.dataset_rows import take_rows
from nntrain.explanation.explained_output import create_explained_output
from nntrain.explanation.integrated_gradients import IntegratedGradients
from nntrain.explanation.permutation_importance import collect_outputs
from nntrain.report.trained_run import TrainedRun
from tests.report import runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contributions")


@pytest.mark.parametrize(
    "build", [runs.two_classes, runs.three_classes, runs.numbers, runs.labels, runs.text_and_index]
)
def test_contributions_sum_up_to_the_prediction(build: object, folder: Path) -> None:
    run = TrainedRun.load(build(folder))  # type: ignore[operator]
    assert run.network is not None
    assert run.rows is not None
    test = run.rows.splits.datasets["test"]
    inputs = take_rows(test.inputs, np.arange(12))
    before = collect_outputs(run.network, inputs)
    found = IntegratedGradients(run.network, run.rows.splits.train).explain(inputs)
    difference = found.prediction - found.baseline
    total = found.values.sum(axis=1)
    np.testing.assert_array_less(np.abs(total - difference), 1e-3 * np.maximum(1, np.abs(difference)) + 1e-12)
    np.testing.assert_allclose(total + found.residual, difference)
    assert found.values.shape == (12, len(run.network.preprocessor.columns))
    assert np.abs(difference).max() > 0.01
    # The network itself is unchanged.
    assert (collect_outputs(run.network, inputs) == before).all()
    output = create_explained_output(run.network.task, before)
    np.testing.assert_allclose(found.prediction, output.compute(before, found.chosen), rtol=1e-5)


def test_the_contributions_of_a_linear_network_are_its_weights_times_the_differences(folder: Path) -> None:
    values = runs.draw_table(6, 200, 3)
    rows: list[list[object]] = [["a", "b", "c", "y"]]
    rows += [[f"{a:.4f}", f"{b:.4f}", f"{c:.4f}", f"{3 * a - b:.4f}"] for a, b, c in values]
    options = ("--target", "y", "--set", "model.modules=[{type='Linear'}]", "--set", "data.number_scaling=standard")
    run = TrainedRun.load(runs.train(folder, "linear", rows, *options))
    assert run.network is not None
    assert run.rows is not None
    train, inputs = run.rows.splits.train, run.rows.splits.datasets["test"].inputs
    found = IntegratedGradients(run.network, train).explain(inputs)
    (weight, *_), _ = run.network.model.parameters()
    scale = run.network.task.target.std
    expected = (inputs - train.inputs.mean(axis=0)) * weight[0] * scale
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-4)


def test_a_criterion_that_transforms_outputs_is_refused(folder: Path) -> None:
    run = TrainedRun.load(runs.three_classes(folder))
    assert run.network is not None
    y = np.ones((2, 3), np.float32)
    task = run.network.task
    criterion = task.criterion
    try:
        task.criterion = type("Other", (), {"to_output_form": lambda self, y: 2 * y, "label": lambda self: "Other"})()
        with pytest.raises(ModuleError, match="Other: to explain outputs, expected a criterion"):
            create_explained_output(task, y)
    finally:
        task.criterion = criterion
