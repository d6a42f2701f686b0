"""Contributions sum up to the prediction, and are exact for linear networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nntrain import nn
from nntrain.cli.main import run_command
from nntrain.errors import ModuleError
from nntrain.explanation import integrated_gradients
from nntrain.explanation.dataset_rows import take_rows
from nntrain.explanation.explained_output import create_explained_output
from nntrain.explanation.input_embeddings import open_embeddings
from nntrain.explanation.integrated_gradients import IntegratedGradients
from nntrain.explanation.permutation_importance import collect_outputs
from nntrain.report.trained_run import TrainedRun
from nntrain.training.inference.run_rows import RunRows
from nntrain.training.trained_network import TrainedNetwork
from tests.cli.processes import IRIS
from tests.paths import ROOT
from tests.report import runs

Build = Callable[[Path], Path]
Load = Callable[[Build], tuple[TrainedNetwork, RunRows]]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Train a run, once for all tests, and load it."""
    folder = tmp_path_factory.mktemp("contributions")

    @cache
    def load(build: Build) -> tuple[TrainedNetwork, RunRows]:
        run = TrainedRun.load(build(folder))
        assert run.network is not None
        assert run.rows is not None
        return run.network, run.rows

    return load


def iris(folder: Path) -> Path:
    options = ("--target", "species", "--set", "train.epochs=5", "--no-report", "--out", str(folder / "iris"))
    assert run_command(["fit", IRIS, *options]) == 0
    return folder / "iris"


def digits(folder: Path) -> Path:
    options = ("--set", "train.epochs=1", "--no-report", "--out", str(folder / "digits"))
    assert run_command(["fit", str(ROOT / "datasets" / "digits.h5"), *options]) == 0
    return folder / "digits"


def steep_number(folder: Path) -> Path:
    """A run of the default network, whose bins of numbers have many kinks, with a column that is mostly 0."""
    values = runs.draw_table(7, 300, 2)
    rows: list[list[object]] = [["mostly_zero", "b", "price"]]
    rows += [[f"{max(0, a - 1) * 1e4:.1f}", f"{b:.3f}", f"{1e5 * (a > 1) + 2e4 * b:.1f}"] for a, b in values]
    return runs.train(folder, "steep", rows, "--target", "price")


def linear(folder: Path) -> Path:
    values = runs.draw_table(6, 200, 3)
    rows: list[list[object]] = [["a", "b", "c", "y"]]
    rows += [[f"{a:.4f}", f"{b:.4f}", f"{c:.4f}", f"{3 * a - b:.4f}"] for a, b, c in values]
    options = ("--target", "y", "--set", "model.modules=[{type='Linear'}]", "--set", "data.number_scaling=standard")
    return runs.train(folder, "linear", rows, *options)


@pytest.mark.parametrize(
    "build",
    [runs.two_classes, runs.three_classes, runs.numbers, runs.labels, runs.text_and_index, iris, steep_number],
)
def test_contributions_sum_up_to_the_prediction(build: Build, load: Load) -> None:
    network, rows = load(build)
    test = rows.splits.datasets["test"]
    inputs = take_rows(test.inputs, np.arange(12))
    before = collect_outputs(network, inputs)
    found = IntegratedGradients(network, rows.splits.train).explain(inputs)
    difference = found.prediction - found.baseline
    total = found.values.sum(axis=1)
    np.testing.assert_array_less(np.abs(total - difference), 1e-3 * np.maximum(1, np.abs(difference)) + 1e-12)
    np.testing.assert_allclose(total + found.residual, difference)
    assert found.is_exact.all()
    assert found.values.shape == (12, len(network.preprocessor.columns))
    assert np.abs(difference).max() > 0.01
    # The network itself is unchanged.
    assert (collect_outputs(network, inputs) == before).all()
    output = create_explained_output(network.task, before)
    np.testing.assert_allclose(found.prediction, output.compute(before, found.chosen), rtol=1e-5)


def test_the_contributions_of_a_linear_network_are_its_weights_times_the_differences(load: Load) -> None:
    network, rows = load(linear)
    train, inputs = rows.splits.train, rows.splits.datasets["test"].inputs
    found = IntegratedGradients(network, train).explain(inputs)
    (weight, *_), _ = network.model.parameters()
    scale = network.task.target.std
    expected = (inputs - train.inputs.mean(axis=0)) * weight[0] * scale
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("build", [runs.two_classes, runs.text_and_index])
def test_a_row_alone_has_the_contributions_that_it_has_among_others(build: Build, load: Load) -> None:
    network, rows = load(build)
    gradients = IntegratedGradients(network, rows.splits.train)
    inputs = rows.splits.datasets["test"].inputs
    all_rows, alone = gradients.explain(inputs), gradients.explain(take_rows(inputs, np.array([3])))
    np.testing.assert_allclose(alone.values[0], all_rows.values[3], atol=2e-3)
    assert alone.prediction[0] == pytest.approx(all_rows.prediction[3], rel=1e-5)


def test_every_number_and_label_can_be_explained(load: Load) -> None:
    network, rows = load(runs.numbers)
    inputs = take_rows(rows.splits.datasets["test"].inputs, np.arange(20))
    found = IntegratedGradients(network, rows.splits.train, "difference").explain(inputs)
    assert found.outputs[found.chosen[0]] == "difference"
    expected = network.task.to_metric_predictions(collect_outputs(network, inputs), "numbers")[:, 1]
    np.testing.assert_allclose(found.prediction, expected, rtol=1e-5)
    # The difference of a and b rises with a, and falls with b.
    a, b = found.values.T
    assert np.corrcoef(inputs[:, 0], a)[0, 1] > 0.8
    assert np.corrcoef(inputs[:, 1], b)[0, 1] < -0.8


def test_steps_that_are_not_allowed_to_shrink_leave_a_residual_that_is_reported(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, rows = load(steep_number)
    monkeypatch.setattr(integrated_gradients, "MAX_HALVINGS", 0)
    found = IntegratedGradients(network, rows.splits.train).explain(rows.splits.datasets["test"].inputs)
    assert not found.is_exact.all()
    difference = found.prediction - found.baseline
    np.testing.assert_allclose(found.values.sum(axis=1) + found.residual, difference, rtol=1e-6)
    late = ~found.is_exact
    assert (np.abs(found.residual[late]) > 1e-3 * np.maximum(1, np.abs(difference[late]))).all()


def test_an_image_has_a_contribution_of_each_pixel(load: Load) -> None:
    network, rows = load(digits)
    inputs = take_rows(rows.splits.datasets["test"].inputs, np.arange(3))
    found = IntegratedGradients(network, rows.splits.train).explain(inputs)
    assert found.values.shape == inputs.shape
    assert not found.names
    total = found.values.reshape(3, -1).sum(axis=1)
    np.testing.assert_allclose(total, found.prediction - found.baseline, atol=1e-3)


def test_a_network_that_does_not_embed_first_is_refused(load: Load) -> None:
    _, rows = load(runs.text_and_index)
    sample = take_rows(rows.splits.train.inputs, np.arange(2))
    other = nn.Sequential([nn.ConcatTable([nn.SelectTable(0), nn.SelectTable(1)])])
    with pytest.raises(ModuleError, match="expected a ParallelTable as the first module"):
        open_embeddings(other, sample)


def test_an_embedding_of_several_arrays_is_refused() -> None:
    sample = [np.array([0, 1]), np.array([1, 0])]
    twice = nn.ConcatTable([nn.LookupTable(2, 3), nn.LookupTable(2, 3)])
    model = nn.Sequential([nn.ParallelTable([nn.LookupTable(2, 3), twice]), nn.FlattenTable()])
    with pytest.raises(ModuleError, match="expected one array for a category or a text"):
        open_embeddings(model, sample)


def test_a_criterion_that_transforms_outputs_is_refused(load: Load) -> None:
    network, _ = load(runs.three_classes)
    y = np.ones((2, 3), np.float32)
    task = network.task
    criterion = task.criterion
    try:
        task.criterion = type("Other", (), {"to_output_form": lambda self, y: 2 * y, "label": lambda self: "Other"})()
        with pytest.raises(ModuleError, match="Other: to explain outputs, expected a criterion"):
            create_explained_output(task, y)
    finally:
        task.criterion = criterion
