"""Contributions of the columns to the prediction of a row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nntrain import nn
from nntrain.compute.array import Array, IntArray, Value
from nntrain.data.dataset import Dataset
from nntrain.errors import ModuleError
from nntrain.explanation.column_span import ColumnSpan, find_column_spans, take_rows
from nntrain.explanation.explained_output import create_explained_output
from nntrain.explanation.permutation_importance import load_inputs
from nntrain.nn.containers.parallel_table import ParallelTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain.training.trained_network import TrainedNetwork

# Training rows whose mean is the baseline.
MAX_BASELINE_ROWS = 10_000

# Steps of the integral: four times as many until the contributions of a row sum up to the difference, or to the last.
# Networks with many kinks, such as bins of numbers, need hundreds.
FIRST_STEPS, LAST_STEPS = 32, 8192

# Rows of a batch.
BATCH_ROWS = 4096

# The sum may differ from the difference of the predictions by this, relative to 1 and to the difference.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Contributions:
    """prediction = baseline + Σ values + residual, for each row.

    Shapes:
        values (N, columns), pixels (N, ...) of images instead; chosen (N,): the position of the explained class, label
        or number; prediction, residual (N,); baseline (N,): the prediction for the mean training row
    """

    names: Sequence[str]
    values: Array
    labels: Sequence[str]
    chosen: IntArray
    prediction: Array
    baseline: Array
    residual: Array


class IntegratedGradients:
    """aᵢ = (xᵢ − x⁰ᵢ) ∫₀¹ ∂f(x⁰ + α (x − x⁰)) / ∂xᵢ dα, by the midpoint rule.

    f: the probability of the positive class, of the most probable class or label, or the number in the units of the
    target. x⁰: the mean of the encoded training rows. Codes of categories and words have no mean: for them the path
    leads from the mean of their embeddings to the embedding of the row. Σ aᵢ = f(x) − f(x⁰), up to the residual of the
    rule. The contribution of a column is the sum over its inputs.
    Source: Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", 2017, arXiv:1703.01365.
    """

    def __init__(self, network: TrainedNetwork, train: Dataset) -> None:
        """ModuleError for a network or criterion that cannot be explained in this way."""
        self.network = network
        self.spans: list[ColumnSpan] = find_column_spans(network.preprocessor)
        rows = np.unique(np.linspace(0, train.rows - 1, min(train.rows, MAX_BASELINE_ROWS)).astype(np.intp))
        sample = network.cast_floats(take_rows(load_inputs(train), rows))
        # A copy, so that the network keeps its outputs and gradients.
        self.model: Module = network.model.clone()
        self.model.evaluate()
        self.embeddings: dict[int, Module] = {}
        if isinstance(sample, list):
            self.embeddings = open_embeddings(self.model, sample)
        embedded = self._embed(sample)
        self.baseline: list[Array] = [array.mean(axis=0, dtype=np.float64).astype(array.dtype) for array in embedded]
        self.output = create_explained_output(network.task, self._forward([array[:2] for array in embedded]).copy())

    def explain(self, inputs: Value) -> Contributions:
        """Return the contributions for encoded rows."""
        x = self._embed(self.network.cast_floats(inputs))
        start = [np.broadcast_to(origin, array.shape) for origin, array in zip(self.baseline, x, strict=True)]
        y = self._forward(x).copy()
        chosen = self.output.choose(y)
        prediction = self.output.compute(y, chosen)
        baseline = self.output.compute(self._forward([array.copy() for array in start]), chosen)
        difference = prediction - baseline
        values = [np.zeros(array.shape, np.float64) for array in x]
        residual, rows, steps = np.full(len(y), np.inf), np.arange(len(y)), FIRST_STEPS
        while len(rows) and steps <= LAST_STEPS:
            parts = self._integrate([array[rows] for array in start], [array[rows] for array in x], chosen[rows], steps)
            for value, part in zip(values, parts, strict=True):
                value[rows] = part
            residual[rows] = difference[rows] - sum(part.reshape(len(rows), -1).sum(axis=1) for part in parts)
            rows = rows[np.abs(residual[rows]) > TOLERANCE * np.maximum(1, np.abs(difference[rows]))]
            steps *= 4
        names, columns = self._sum_by_column(values)
        return Contributions(names, columns, self.output.labels, chosen, prediction, baseline, residual)

    def _integrate(self, start: list[Array], x: list[Array], chosen: IntArray, steps: int) -> list[Array]:
        """Return the contribution of each input; several points of the path are one batch."""
        rows = len(chosen)
        sums = [np.zeros(array.shape, np.float64) for array in x]
        together = max(1, BATCH_ROWS // rows)
        for first in range(0, steps, together):
            alphas = (np.arange(first, min(first + together, steps)) + 0.5) / steps
            point = [interpolate(begin, array, alphas) for begin, array in zip(start, x, strict=True)]
            value: Value = point if self._is_list else point[0]
            y = self.model.forward(value)
            dx = self.model.update_grad_input(value, self.output.compute_gradient(y, np.tile(chosen, len(alphas))))
            for total, gradient in zip(sums, dx if self._is_list else [dx], strict=True):
                total += gradient.reshape(len(alphas), *total.shape).sum(axis=0, dtype=np.float64)
        return [total * (array - begin) / steps for total, begin, array in zip(sums, start, x, strict=True)]

    def _embed(self, inputs: Value) -> list[Array]:
        """Return the inputs as a list of floating arrays, with embeddings instead of codes and words."""
        self._is_list = isinstance(inputs, list)
        arrays = list(inputs) if isinstance(inputs, list) else [inputs]
        return [
            self.embeddings[k].forward(array).copy() if k in self.embeddings else array
            for k, array in enumerate(arrays)
        ]

    def _forward(self, x: list[Array]) -> Array:
        y: Array = self.model.forward(x if self._is_list else x[0])
        return y

    def _sum_by_column(self, parts: list[Array]) -> tuple[list[str], Array]:
        """Return the names and the contributions (N, columns); of images all pixels (N, ...)."""
        if not self.spans:
            return [], parts[0]
        columns = []
        for span in self.spans:
            part = parts[span.index]
            own = part if span.positions is None else part[:, span.positions]
            columns.append(own.reshape(len(own), -1).sum(axis=1))
        return [span.name for span in self.spans], np.stack(columns, axis=1)


def interpolate(begin: Array, end: Array, alphas: Array) -> Array:
    """Return begin + α (end − begin) for each α: (alphas · N, ...) from (N, ...)."""
    factors = alphas.astype(end.dtype).reshape(-1, *[1] * end.ndim)
    return (begin + factors * (end - begin)).reshape(-1, *end.shape[1:])


def open_embeddings(model: Module, sample: list[Array]) -> dict[int, Module]:
    """Replace the modules that take codes or words by Identity, and return them by the index of their input.

    ModuleError unless they are in a ParallelTable at the start of the network.
    """
    first = model
    while isinstance(first, Sequential) and first.modules:
        first = first.modules[0]
    needed = [k for k, array in enumerate(sample) if array.dtype.kind in "iu" or array.ndim > 2]
    if not isinstance(first, ParallelTable):
        raise ModuleError(
            f"{model.label()}: expected a ParallelTable as the first module, which embeds categories and texts, to "
            f"explain predictions; got {first.label()}; only permutation importance is available"
        )
    found = {k: first.modules[k] for k in needed}
    for k in needed:
        first.modules[k] = nn.Identity()
        first.modules[k].evaluate()
    return found
