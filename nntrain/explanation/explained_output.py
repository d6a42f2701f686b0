"""The number that is explained for each row, and its derivative with respect to the outputs of the network."""

from abc import ABC, abstractmethod

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.errors import ConfigError, ModuleError, suggest_name
from nntrain.formatting import format_names
from nntrain.training.tasks.task import Task

# The relative step of a difference quotient of a function of one number.
STEP = 1e-6


class ExplainedOutput(ABC):
    """f(y) for outputs y (N, k) of a network: a number, or the probability of a class or label.

    ``names``: of all of them. ``fixed``: the position of the explained one; None: chosen for each row.
    """

    def __init__(self, task: Task, fixed: int | None = None) -> None:
        self.task = task
        self.names = name_outputs(task)
        self.fixed = fixed

    def choose(self, y: Array) -> IntArray:
        """Return the position of the class, label or number that is explained for each row (N,)."""
        return self.choose_default(y) if self.fixed is None else np.full(len(y), self.fixed, np.intp)

    @abstractmethod
    def choose_default(self, y: Array) -> IntArray:
        """Return the position for each row unless it is fixed."""

    @abstractmethod
    def compute(self, y: Array, chosen: IntArray) -> Array:
        """Return f (N,) in float64."""

    @abstractmethod
    def compute_gradient(self, y: Array, chosen: IntArray) -> Array:
        """Return ∂f/∂y (N, k)."""


class ExplainedNumber(ExplainedOutput):
    """A number to predict, the first by default, in the units of the target, without the limits of its range."""

    def choose_default(self, y: Array) -> IntArray:
        return np.zeros(len(y), np.intp)

    def compute(self, y: Array, chosen: IntArray) -> Array:
        numbers: Array = self.task.target.decode(y)[np.arange(len(y)), chosen]
        return numbers

    def compute_gradient(self, y: Array, chosen: IntArray) -> Array:
        wide, rows = y.astype(np.float64), np.arange(len(y))
        step = STEP * np.maximum(1, np.abs(wide))
        slope = (self.task.target.decode(wide + step) - self.task.target.decode(wide - step)) / (2 * step)
        gradient = np.zeros_like(y)
        gradient[rows, chosen] = slope[rows, chosen]
        return gradient


class ExplainedProbability(ExplainedOutput):
    """The probability of a class or label: of the positive of two classes, else of the most probable one."""

    def choose_default(self, y: Array) -> IntArray:
        p = self._get_probabilities(y)
        if self.task.target.task == "classification" and p.shape[1] == 2:
            return np.ones(len(y), np.intp)
        return p.argmax(axis=1)

    def compute(self, y: Array, chosen: IntArray) -> Array:
        return self._get_probabilities(y)[np.arange(len(y)), chosen]

    def compute_gradient(self, y: Array, chosen: IntArray) -> Array:
        p, rows = self._get_probabilities(y), np.arange(len(y))
        form, is_single = self.task.output_form, y.shape[1] == 1
        column = np.zeros(len(y), np.intp) if is_single else chosen
        # A single output is that of the second class.
        sign = np.where(chosen == 0, -1.0, 1.0) if is_single and self.task.target.task == "classification" else 1.0
        picked = p[rows, chosen]
        gradient = np.zeros(y.shape, np.float64)
        if form == "probabilities":
            gradient[rows, column] = sign
        elif form == "log_probabilities":
            gradient[rows, column] = picked
        elif is_single or self.task.target.task == "multilabel":
            gradient[rows, column] = sign * picked * (1 - picked)
        else:
            gradient = -p * picked[:, None]
            gradient[rows, column] += picked
        return gradient.astype(y.dtype)

    def _get_probabilities(self, y: Array) -> Array:
        return self.task.to_metric_predictions(y, "probabilities").astype(np.float64)


def name_outputs(task: Task) -> list[str]:
    """Return the name of each number to predict, or of the probability of each class or label."""
    labels = task.target.labels
    return list(labels) if task.target.task == "regression" else [f"p({label})" for label in labels]


def create_explained_output(task: Task, y: Array, label: str | None = None) -> ExplainedOutput:
    """Return the output of a task; y: some outputs. ModuleError if the criterion transforms outputs first.

    ``label``: the class, label or number to explain. ConfigError if it does not exist.
    """
    if not np.array_equal(task.criterion.to_output_form(y), y):
        raise ModuleError(
            f"{task.criterion.label()}: to explain outputs, expected a criterion that takes them unchanged, got one "
            "that transforms them; only permutation importance is available"
        )
    fixed = None if label is None else find_label(task.target.labels, label)
    return ExplainedNumber(task, fixed) if task.target.task == "regression" else ExplainedProbability(task, fixed)


def find_label(labels: list[str], label: str) -> int:
    """Return the position of a class, label or number. ConfigError if it does not exist."""
    if label not in labels:
        raise ConfigError(
            f"--output: expected one of {format_names(labels)}, got {label!r}{suggest_name(label, labels)}"
        )
    return labels.index(label)
