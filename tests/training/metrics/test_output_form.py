"""Predictions are read from outputs as the criterion declares their form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.data.targets.class_target import ClassTarget
from nntrain.data.targets.label_target import LabelTarget
from nntrain.data.targets.list_target import ListTarget
from nntrain.data.targets.number_target import NumberTarget
from nntrain.errors import ConfigError, ShapeError
from nntrain.nn import Criterion
from nntrain.nn.criterions.bce_criterion import BCECriterion
from nntrain.training.tasks.classification import Classification
from nntrain.training.tasks.multilabel import Multilabel
from nntrain.training.tasks.regression import Regression
from nntrain.training.tasks.task import Task


class OwnBCE(BCECriterion):
    pass


def criterion(name: str, **arguments: Any) -> Criterion:
    made: Criterion = nn.build({"type": name, **arguments}, "criterion")
    return made


def two() -> ClassTarget:
    return ClassTarget("t", "text", ["no", "yes"], [3, 4])


def three() -> ClassTarget:
    return ClassTarget("t", "text", ["a", "b", "c"], [3, 4, 5])


def tags() -> LabelTarget:
    return ListTarget("t", "|", ["a", "b"], [3, 4])


FORMS = {
    "AbsCriterion": "values",
    "BCECriterion": "probabilities",
    "ClassNLLCriterion": "log_probabilities",
    "CrossEntropyCriterion": "logits",
    "DistKLDivCriterion": "log_probabilities",
    "MSECriterion": "values",
    "MultiLabelSoftMarginCriterion": "logits",
    "SoftMarginCriterion": "logits",
    "SpatialClassNLLCriterion": "log_probabilities",
    "WeightedMSECriterion": "values",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_criterion_declares_the_form_of_outputs(name: str) -> None:
    arguments = {"weights": [1.0]} if name == "WeightedMSECriterion" else {}
    assert criterion(name, **arguments).output_form == FORMS[name]


def test_a_subclass_reads_outputs_as_its_base_does() -> None:
    y = np.array([[0.9], [0.2]])
    task = Classification(two(), OwnBCE())
    assert task.output_count == 1
    np.testing.assert_allclose(task.predict_probabilities(y), [[0.1, 0.9], [0.8, 0.2]], rtol=1e-12)
    assert task.predict_labels(y).tolist() == [1, 0]
    y = np.array([[0.9, 0.2]])
    np.testing.assert_array_equal(Multilabel(tags(), OwnBCE()).predict_probabilities(y), y)
    assert Multilabel(tags(), OwnBCE()).predict_labels(y).tolist() == [[True, False]]


# Probabilities of three classes, and outputs that say the same in each form.
P = np.array([[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]])


@pytest.mark.parametrize(
    ("name", "y"),
    [("ClassNLLCriterion", np.log(P)), ("CrossEntropyCriterion", np.log(P) + 7), ("MultiMarginCriterion", np.log(P))],
)
def test_probabilities_of_classes_are_read_from_each_form(name: str, y: Any) -> None:
    task = Classification(three(), criterion(name))
    np.testing.assert_allclose(task.predict_probabilities(y), P, rtol=1e-12)
    assert task.predict_labels(y).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("name", "y"),
    [
        ("BCECriterion", [[0.75, 0.25]]),
        ("DistKLDivCriterion", [[math.log(0.75), math.log(0.25)]]),
        ("MultiLabelSoftMarginCriterion", [[math.log(3), -math.log(3)]]),
    ],
)
def test_probabilities_of_labels_are_read_from_each_form(name: str, y: Any) -> None:
    task = Multilabel(tags(), criterion(name))
    np.testing.assert_allclose(task.predict_probabilities(np.array(y)), [[0.75, 0.25]], rtol=1e-12)
    assert task.predict_labels(np.array(y)).tolist() == [[True, False]]


def test_one_logit_is_enough_for_two_classes() -> None:
    task = Classification(two(), criterion("MultiLabelSoftMarginCriterion"))
    assert task.output_count == 1
    y = np.array([[math.log(3)], [-math.log(3)]])
    np.testing.assert_allclose(task.predict_probabilities(y), [[0.25, 0.75], [0.75, 0.25]], rtol=1e-12)
    assert task.predict_labels(y).tolist() == [1, 0]


BCE, MSE, L1 = {"type": "BCECriterion"}, {"type": "MSECriterion"}, {"type": "AbsCriterion"}
NLL, ENTROPY = {"type": "ClassNLLCriterion"}, {"type": "CrossEntropyCriterion"}


@pytest.mark.parametrize(
    ("criterions", "form", "pointwise"),
    [
        ([BCE, MSE], "probabilities", True),
        ([MSE, L1], "values", True),
        ([NLL], "log_probabilities", False),
        ([NLL, ENTROPY], "values", False),
        ([{"type": "MultiCriterion", "criterions": [BCE]}, MSE], "probabilities", True),
        ([{"type": "ModuleCriterion", "criterion": NLL}], "log_probabilities", False),
        ([], "values", True),
    ],
)
@pytest.mark.parametrize("kind", ["MultiCriterion", "ParallelCriterion"])
def test_a_criterion_of_others_has_the_form_that_they_agree_on(
    kind: str, criterions: list[Any], form: str, pointwise: bool
) -> None:
    made = criterion(kind, criterions=criterions)
    assert (made.output_form, made.is_pointwise) == (form, pointwise)


def test_outputs_are_read_through_the_module_of_a_module_criterion() -> None:
    inner = {"type": "ModuleCriterion", "criterion": BCE, "input_module": {"type": "Sigmoid"}}
    y = np.array([[math.log(3)]])
    for spec in (inner, {"type": "MultiCriterion", "criterions": [inner]}):
        task = Classification(two(), nn.build(spec, "criterion"))
        np.testing.assert_allclose(task.predict_probabilities(y), [[0.25, 0.75]], rtol=1e-6)
        assert task.predict_labels(y).tolist() == [1]
    grown = criterion("ModuleCriterion", criterion=MSE, input_module={"type": "Exp"})
    task = Regression(NumberTarget(["t"], ["number"], np.array([10.0]), np.array([2.0])), grown)
    np.testing.assert_allclose(
        task.to_metric_predictions(np.array([[0.0], [math.log(4)]]), "numbers"), [[12], [18]], rtol=1e-6
    )


def test_reading_leaves_the_module_of_a_module_criterion_as_it_is() -> None:
    noisy = criterion("ModuleCriterion", criterion=MSE, input_module={"type": "Dropout", "p": 0.5})
    x = np.ones((4, 3), np.float32)
    noisy.forward(x, x)
    held = noisy.input_module.output.copy()
    np.testing.assert_array_equal(noisy.to_output_form(x), x)
    np.testing.assert_array_equal(noisy.input_module.output, held)
    assert noisy.input_module.train


def test_a_parallel_criterion_reads_each_output_of_a_table() -> None:
    inner = {"type": "ModuleCriterion", "criterion": BCE, "input_module": {"type": "Sigmoid"}}
    made = criterion("ParallelCriterion", criterions=[inner, BCE])
    read = made.to_output_form([np.zeros(2), np.array([0.25]), np.array([7.0])])
    assert [array.tolist() for array in read] == [[0.5, 0.5], [0.25], [7.0]]


def test_a_simplex_criterion_predicts_the_nearest_corner() -> None:
    task = Classification(three(), criterion("ClassSimplexCriterion", n_classes=3))
    corners = np.array([[1, 0], [-0.5, math.sqrt(0.75)], [-0.5, -math.sqrt(0.75)]])
    y = np.random.default_rng(0).normal(size=(200, 3))
    y[0] = [0.3, 0.35, 0]
    nearest = np.square(y[:, None, :2] - corners).sum(2).argmin(1)
    assert nearest[0] == 0
    assert task.predict_labels(y).tolist() == nearest.tolist()
    assert task.predict_probabilities(y).argmax(1).tolist() == nearest.tolist()


NUMBER = NumberTarget(["t"], ["number"], np.array([0.0]), np.array([1.0]))


@pytest.mark.parametrize(
    ("task", "target", "name"),
    [
        (Classification, three(), "MSECriterion"),
        (Multilabel, tags(), "MSECriterion"),
        (Multilabel, tags(), "MarginCriterion"),
        (Regression, NUMBER, "BCECriterion"),
        (Regression, NUMBER, "CrossEntropyCriterion"),
    ],
)
def test_a_form_that_says_nothing_of_the_target_is_refused(task: type[Task], target: Any, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        task(target, criterion(name))  # type: ignore[call-arg]
    told = str(caught.value)
    assert told.startswith("criterion.type: expected a criterion whose output_form is ")
    assert name in told
    assert "\n" not in told


def test_a_criterion_that_changes_the_targets_is_refused() -> None:
    twice = {"type": "MulConstant", "constant_scalar": 2}
    doubled = {"type": "ModuleCriterion", "criterion": MSE, "target_module": twice}
    for spec in (doubled, {"type": "MultiCriterion", "criterions": [MSE, doubled]}):
        with pytest.raises(ConfigError, match=r"got M.* with a target_module; remove target_module$"):
            Regression(NUMBER, nn.build(spec, "criterion"))


def test_targets_that_are_not_signs_are_refused_by_a_soft_margin() -> None:
    with pytest.raises(ShapeError, match="1 or -1, got 0"):
        criterion("SoftMarginCriterion").forward(np.array([0.5, 0.1]), np.array([1, 0]))
