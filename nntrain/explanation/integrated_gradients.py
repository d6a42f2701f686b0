"""Contributions of the columns to the prediction of a row."""

import numpy as np

from nntrain.compute.array import Array, IntArray, Value
from nntrain.data.dataset import Dataset
from nntrain.explanation.column_span import ColumnSpan, find_column_spans
from nntrain.explanation.contributions import Contributions
from nntrain.explanation.dataset_rows import space_evenly, take_rows
from nntrain.explanation.explained_output import create_explained_output
from nntrain.explanation.input_embeddings import open_embeddings
from nntrain.explanation.path_steps import PathSteps, add_by_row
from nntrain.nn.batch_axis import set_batch_rows
from nntrain.nn.module import Module
from nntrain.training.trained_network import TrainedNetwork, count_rows, slice_rows

# Training rows whose mean is the baseline.
MAX_BASELINE_ROWS = 10_000

# Steps of the integral, how often a step is halved at most, and steps of a row that are halved at once. Networks with
# kinks, such as those of bins of numbers, need tiny steps there. 2⁻²⁰ is near the precision of float32.
STEPS, MAX_HALVINGS, MAX_HALVED = 32, 15, 512

# Rows of a batch of the network, and its inputs: fewer rows if a row is large, such as an image.
BATCH_ROWS, BATCH_INPUTS = 4096, 2**22

# The sum may differ from the difference of the predictions by this, relative to 1 and to the difference.
TOLERANCE = 1e-3


class IntegratedGradients:
    """aᵢ = (xᵢ − x⁰ᵢ) ∫₀¹ ∂f(x⁰ + α (x − x⁰)) / ∂xᵢ dα, by the midpoint rule.

    f: the probability of the positive class, of the most probable class or label, or the number in the units of the
    target; or of the given one. x⁰: the mean of the encoded training rows. Codes of categories and words have no mean:
    for them the path leads from the mean of their embeddings to the embedding of the row. Σ aᵢ = f(x) − f(x⁰), up to
    the residual of the rule. The contribution of a column is the sum over its inputs.

    Each step of the path has a residual of its own, Δf − Σ aᵢ of the step. Until their sum is within the tolerance, the
    steps with the largest ones are halved: kinks of a network need tiny steps, but only there.
    Source: Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", 2017, arXiv:1703.01365.
    """

    def __init__(self, network: TrainedNetwork, train: Dataset, label: str | None = None) -> None:
        """ModuleError for a network or criterion that cannot be explained in this way.

        ``label``: the class, label or number to explain. ConfigError if it does not exist.
        """
        self.network = network
        self.spans: list[ColumnSpan] = find_column_spans(network.preprocessor)
        sample = network.cast_floats(take_rows(train.inputs, space_evenly(train.rows, MAX_BASELINE_ROWS)))
        # A copy, so that the network keeps its outputs and gradients.
        self.model: Module = network.model.clone()
        self.model.evaluate()
        self._is_list = isinstance(sample, list)
        self.embeddings = open_embeddings(self.model, sample) if isinstance(sample, list) else {}
        embedded = self._embed(sample)
        self.baseline: list[Array] = [array.mean(axis=0, dtype=np.float64).astype(array.dtype) for array in embedded]
        self.batch_rows = int(np.clip(BATCH_INPUTS // sum(array.size for array in self.baseline), 1, BATCH_ROWS))
        outputs = network.check_outputs(self._forward([array[:2] for array in embedded])).copy()
        self.output = create_explained_output(network.task, outputs, label)

    def explain(self, inputs: Value) -> Contributions:
        """Return the contributions for encoded rows."""
        # The first steps of all rows of a block are a batch.
        rows, together = count_rows(inputs), max(1, self.batch_rows // STEPS)
        return Contributions.join(
            [self._explain_block(slice_rows(inputs, begin, begin + together)) for begin in range(0, rows, together)]
        )

    def _explain_block(self, inputs: Value) -> Contributions:
        """Return the contributions for some rows."""
        x = self._embed(self.network.cast_floats(inputs))
        rows = len(x[0])
        y = self._forward(x).copy()
        chosen = self.output.choose(y)
        change = [array - origin for array, origin in zip(x, self.baseline, strict=True)]
        f = np.stack([self._compute(change, chosen, alpha) for alpha in np.arange(STEPS) / STEPS], axis=1)
        baseline, prediction = f[:, 0], self.output.compute(y, chosen)
        steps = PathSteps.divide(np.concatenate([f, prediction[:, None]], axis=1))
        tolerance = TOLERANCE * np.maximum(1, np.abs(prediction - baseline))
        # The sums of steps that are small enough.
        sums, residual = [np.zeros(array.shape) for array in x], np.zeros(rows)
        counts = np.full(rows, STEPS)
        for halvings in range(MAX_HALVINGS + 1):
            # Together, the residuals of steps that are not halved are smaller than the tolerance.
            large, large_sums, large_residual = self._add_steps(
                steps, change, chosen, tolerance / (4 * counts), sums, residual
            )
            counts += np.bincount(large.rows, minlength=rows)
            is_open = np.abs(residual + large_residual) > tolerance
            is_open &= (np.bincount(large.rows, minlength=rows) <= 2 * MAX_HALVED) & (halvings < MAX_HALVINGS)
            for total, part in zip(sums, large_sums, strict=True):
                total[~is_open] += part[~is_open]
            residual[~is_open] += large_residual[~is_open]
            steps = large.take(is_open[large.rows])
            if not len(steps.rows):
                break
        names, columns = self._sum_by_column(sums)
        is_exact = np.abs(residual) <= tolerance
        return Contributions(names, columns, self.output.names, chosen, prediction, baseline, residual, is_exact)

    def _add_steps(
        self,
        steps: PathSteps,
        change: list[Array],
        chosen: IntArray,
        limits: Array,
        sums: list[Array],
        residual: Array,
    ) -> tuple[PathSteps, list[Array], Array]:
        """Add the contributions and the residuals of steps, except for those with residuals above those of ``limits``.

        Return the halves of these steps, and their sums.
        """
        halves, large_sums, large_residual = [], [np.zeros(total.shape) for total in sums], np.zeros(len(residual))
        for some in steps.split(self.batch_rows):
            y, gradients = self._differentiate(change, some.rows, some.middles, chosen[some.rows])
            f_middles = self.output.compute(y, chosen[some.rows])
            error = some.f_ends - some.f_begins
            parts = []
            for gradient, array in zip(gradients, change, strict=True):
                parts.append(gradient * array[some.rows] * expand(some.widths, gradient))
                error = error - parts[-1].reshape(len(error), -1).sum(axis=1, dtype=np.float64)
            is_large = np.abs(error) > limits[some.rows]
            for part, small_total, large_total in zip(parts, sums, large_sums, strict=True):
                add_by_row(small_total, some.rows[~is_large], part[~is_large])
                add_by_row(large_total, some.rows[is_large], part[is_large])
            add_by_row(residual, some.rows[~is_large], error[~is_large])
            add_by_row(large_residual, some.rows[is_large], error[is_large])
            halves.append(some.take(is_large).halve(f_middles[is_large]))
        return PathSteps.join(halves), large_sums, large_residual

    def _differentiate(
        self, change: list[Array], rows: IntArray, alphas: Array, chosen: IntArray
    ) -> tuple[Array, list[Array]]:
        """Return the outputs at points of the paths of rows, and ∂f/∂x."""
        point = [
            origin + expand(alphas, array).astype(array.dtype) * array[rows]
            for origin, array in zip(self.baseline, change, strict=True)
        ]
        y = self._forward(point)
        with set_batch_rows(len(y)):
            dx = self.model.update_grad_input(
                point if self._is_list else point[0], self.output.compute_gradient(y, chosen)
            )
        return y, dx if self._is_list else [dx]

    def _compute(self, change: list[Array], chosen: IntArray, alpha: float) -> Array:
        """Return f at a point of the path of each row."""
        point = [origin + array.dtype.type(alpha) * array for origin, array in zip(self.baseline, change, strict=True)]
        return self.output.compute(self._forward(point), chosen)

    def _embed(self, inputs: Value) -> list[Array]:
        """Return the inputs as a list of floating arrays, with embeddings instead of codes and words."""
        arrays = list(inputs) if isinstance(inputs, list) else [inputs]
        with set_batch_rows(len(arrays[0])):
            return [
                self.embeddings[k].forward(array).copy() if k in self.embeddings else array
                for k, array in enumerate(arrays)
            ]

    def _forward(self, x: list[Array]) -> Array:
        with set_batch_rows(len(x[0])):
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


def expand(values: Array, like: Array) -> Array:
    """Return values (N,) with as many axes as an array, of length 1."""
    return values.reshape(-1, *[1] * (like.ndim - 1))
