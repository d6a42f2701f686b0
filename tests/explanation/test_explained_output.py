"""The explained number is that of predictions, and its gradient is the numerical one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nntrain.errors import ConfigError
from nntrain.explanation.explained_output import create_explained_output
from nntrain.nn import BCECriterion, ClassNLLCriterion, CrossEntropyCriterion, MSECriterion
from nntrain.training.tasks.classification import Classification
from nntrain.training.tasks.multilabel import Multilabel
from nntrain.training.tasks.regression import Regression
from nntrain.training.tasks.task import Task

TWO, THREE = ["no", "yes"], ["a", "b", "c"]


def target(task: str, labels: list[str], **attributes: Any) -> Any:
    return SimpleNamespace(task=task, name="y", labels=labels, **attributes)


def decode_log(values: Any) -> Any:
    return np.exp(np.asarray(values, np.float64) * [2.0, 3.0] + 1)


TASKS: dict[str, tuple[Task, int]] = {
    "logits": (Classification(target("classification", THREE), CrossEntropyCriterion()), 3),
    "log-probabilities": (Classification(target("classification", THREE), ClassNLLCriterion()), 3),
    "one probability": (Classification(target("classification", TWO), BCECriterion()), 1),
    "labels": (Multilabel(target("multilabel", THREE), BCECriterion()), 3),
    "numbers": (Regression(target("regression", ["u", "v"], decode=decode_log, mean=[0, 0]), MSECriterion()), 2),
}


@pytest.mark.parametrize("label", [None, 0, 1])
@pytest.mark.parametrize("name", TASKS)
def test_the_gradient_is_the_numerical_one(name: str, label: int | None) -> None:
    task, width = TASKS[name]
    y = np.random.default_rng(0).uniform(0.2, 0.8, (6, width))
    output = create_explained_output(task, y, None if label is None else task.target.labels[label])
    chosen = output.choose(y)
    numeric = np.zeros_like(y)
    for column in range(width):
        step = np.zeros(width)
        step[column] = 1e-6
        numeric[:, column] = (output.compute(y + step, chosen) - output.compute(y - step, chosen)) / 2e-6
    np.testing.assert_allclose(output.compute_gradient(y, chosen), numeric, rtol=1e-5, atol=1e-7)


def test_the_most_probable_class_is_explained_or_the_given_one() -> None:
    y = np.array([[0.1, 2.0, 0.3], [3.0, 0.0, 0.0]])
    task, _ = TASKS["logits"]
    assert create_explained_output(task, y).choose(y).tolist() == [1, 0]
    fixed = create_explained_output(task, y, "c")
    assert fixed.choose(y).tolist() == [2, 2]
    assert fixed.names == ["p(a)", "p(b)", "p(c)"]
    p = np.exp(y) / np.exp(y).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fixed.compute(y, fixed.choose(y)), p[:, 2])


def test_of_two_classes_the_second_is_explained() -> None:
    y = np.array([[0.2], [0.9]])
    task, _ = TASKS["one probability"]
    output = create_explained_output(task, y)
    assert output.choose(y).tolist() == [1, 1]
    np.testing.assert_allclose(output.compute(y, output.choose(y)), [0.2, 0.9])


def test_a_number_has_the_units_of_the_target() -> None:
    y = np.array([[0.5, 0.25]])
    task, _ = TASKS["numbers"]
    output = create_explained_output(task, y, "v")
    assert output.names == ["u", "v"]
    np.testing.assert_allclose(output.compute(y, output.choose(y)), np.exp(0.25 * 3 + 1))


def test_an_unknown_label_is_refused() -> None:
    task, _ = TASKS["logits"]
    with pytest.raises(ConfigError, match=r"--output: expected one of 'a', 'b', 'c', got 'd'"):
        create_explained_output(task, np.ones((1, 3)), "d")
