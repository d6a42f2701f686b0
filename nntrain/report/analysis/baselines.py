"""Simple predictions for comparison: the most frequent class or the mean, and a linear model on the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nntrain import nn
from nntrain.compute.array import Array, IntArray, Value
from nntrain.compute.random import preserve_initial_stream
from nntrain.data.dataset import Dataset
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.explanation.dataset_rows import read_rows, space_evenly
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.optim.algorithms.lbfgs import LBFGS
from nntrain.training.metrics.metric import PredictionForm
from nntrain.training.tasks.task import Task

# Training rows of a linear model, evenly spaced, and the numbers of inputs beyond which it has no linear model.
MAX_ROWS, MAX_INPUTS = 20_000, 2000

# Codes of an index column that are inputs of their own; all others are zero.
MAX_CODES = 64

# Iterations of L-BFGS, the change of the loss that ends them, and the strength of the penalty: C = 1 in scikit-learn's
# LogisticRegression, and C = 2 for two classes, which have one vector of weights there.
MAX_ITERATIONS, TOLERANCE, PENALTY = 100, 1e-6, 1.0

# Added to the diagonal in a linear regression: alpha = 1 in scikit-learn's Ridge.
RIDGE = 1.0


@dataclass(frozen=True)
class Baseline:
    """Predictions of a simple model for the rows of a set: probabilities (N, L), or numbers (N, k) of the file.

    ``name``: for a sentence. ``rows``: the training rows that it was fitted on. ``omitted``: columns that it ignores.
    """

    name: str
    values: Array
    rows: int
    omitted: Sequence[str] = ()


def build_constant_baseline(task: Task, train: Dataset, rows: int) -> Baseline:
    """Return the fractions of classes or labels, or the means, of the training rows, as the prediction of each row."""
    t, weights = get_targets(train), get_weights(train)
    if task.target.task == "regression":
        constant, name = np.average(task.to_metric_targets(t), axis=0, weights=weights), "always predicting the mean"
    elif task.target.task == "multilabel":
        constant, name = np.average(t, axis=0, weights=weights), "always predicting the labels that most rows have"
    else:
        shares = np.bincount(t.reshape(-1), weights, minlength=len(task.target.labels))
        constant, name = shares / shares.sum(), "always predicting the most frequent class"
    return Baseline(name, np.broadcast_to(constant, (rows, len(constant))), train.rows)


def build_linear_baseline(task: Task, preprocessor: Preprocessor, train: Dataset, dataset: Dataset) -> Baseline | None:
    """Return the predictions of a linear model, fitted on the encoded training rows; None if all columns are text.

    Logistic regression with the penalty ‖W‖² / 2 on the sum of the losses, or ridge regression on the scale of the
    encoded target. Index columns are one-hot; columns of text, and images of many pixels, are omitted.
    """
    some = space_evenly(train.rows, MAX_ROWS)
    omitted = [column.name for column in preprocessor.get_text_columns()]
    if len(omitted) == len(preprocessor.columns) > 0:
        return None
    x = build_matrix(train.inputs, preprocessor, some)
    if x.shape[1] > MAX_INPUTS:
        return None
    assert train.targets is not None
    t = read_rows(train.targets, some)
    weights = None if train.weights is None else read_rows(train.weights, some)
    new = build_matrix(dataset.inputs, preprocessor, np.arange(dataset.rows))
    if task.target.task == "regression":
        values = task.to_metric_targets(predict_ridge(x, t, weights, new))
        return Baseline("a linear regression", values, len(some), omitted)
    return Baseline("a logistic regression", predict_logistic(task, x, t, weights, new), len(some), omitted)


def to_form(task: Task, values: Array, form: PredictionForm) -> Array:
    """Return the values of a baseline in the form that a metric takes; labels are those with the threshold one half."""
    if form != "labels":
        return values
    return values > 0.5 if task.target.task == "multilabel" else values.argmax(axis=1)


def get_targets(dataset: Dataset) -> Array:
    """Return all encoded targets."""
    assert dataset.targets is not None
    return np.asarray(dataset.targets[0 : dataset.rows])


def get_weights(dataset: Dataset) -> Array | None:
    """Return the sample weights of all rows; None if there are none."""
    return None if dataset.weights is None else np.asarray(dataset.weights[0 : dataset.rows])


def build_matrix(inputs: Value, preprocessor: Preprocessor, some: IntArray) -> Array:
    """Return the dense inputs and the one-hot index columns of some rows as one float32 matrix."""
    arrays = inputs if isinstance(inputs, list) else [inputs]
    sizes = iter(preprocessor.get_index_sizes())
    parts = []
    for array in arrays:
        rows = read_rows(array, some)
        if rows.ndim == 1:
            _, size = next(sizes)
            parts.append(rows[:, None] == np.arange(min(size, MAX_CODES)))
        elif array is arrays[0] or rows.ndim == 2:
            # All but the words of text columns, which follow the dense inputs.
            parts.append(rows.reshape(len(rows), -1))
    return np.concatenate([part.astype(np.float32) for part in parts], axis=1)


def predict_ridge(x: Array, t: Array, weights: Array | None, new: Array) -> Array:
    """Return predictions W new + b, where W and b minimize Σ w (W x + b − t)² + RIDGE ‖W‖²."""
    w = np.ones(len(x)) if weights is None else weights.astype(np.float64)
    x_mean, t_mean = np.average(x, axis=0, weights=w), np.average(t, axis=0, weights=w)
    centered = (x - x_mean) * np.sqrt(w)[:, None]
    gram = centered.T @ centered + RIDGE * np.eye(x.shape[1])
    W = np.linalg.solve(gram, centered.T @ ((t - t_mean) * np.sqrt(w)[:, None]))
    return (new - x_mean) @ W + t_mean


def predict_logistic(task: Task, x: Array, t: Array, weights: Array | None, new: Array) -> Array:
    """Return the probabilities of each class or label."""
    is_multilabel = task.target.task == "multilabel"
    with preserve_initial_stream():
        model = nn.Linear(x.shape[1], len(task.target.labels))
    criterion = nn.MultiLabelSoftMarginCriterion() if is_multilabel else nn.CrossEntropyCriterion()
    fit_logistic(model, criterion, x, t, weights)
    scores = model.forward(new).astype(np.float64)
    if is_multilabel:
        return 1 / (1 + np.exp(-scores))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit_logistic(model: Module, criterion: Criterion, x: Array, t: Array, weights: Array | None) -> None:
    """Minimize the mean loss and the penalty by L-BFGS, from zero."""
    w, dw = model.get_parameters()
    w[...] = 0
    criterion.set_row_weights(weights)
    weight, _ = model.get_own_parameters()[0]
    decay = np.zeros_like(w)
    decay[: weight.size] = PENALTY / len(x)

    def evaluate(w: Array) -> tuple[float, Array]:
        dw[...] = 0
        y = model.forward(x)
        loss = criterion.forward(y, t)
        model.backward(x, criterion.backward(y, t))
        np.add(dw, decay * w, out=dw)
        return loss + float(decay @ (w * w)) / 2, dw

    LBFGS(max_iter=MAX_ITERATIONS, tol_x=TOLERANCE, line_search="lswolfe").advance(evaluate, w)
