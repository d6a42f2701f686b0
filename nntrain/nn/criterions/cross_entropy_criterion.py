"""L = −Σ w_t log softmax(x)[t] / Σ w_t."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.nn.bases.class_criterion import ClassCriterion

# With fewer classes than this, row maxima and sums are several times faster if the scores of one class are contiguous.
FEW_CLASSES = 64


class CrossEntropyCriterion(ClassCriterion):
    """L = −Σ w_t log softmax(x)[t] / W;  dx = w_t (softmax(x) − [t]) / W;  W = Σ w_t, or 1 unless size_average.

    Shapes:
        x (C,) or (N, C) scores, t a label or (N,) labels, weights (C,); axes of size 1 are removed first,
        so (N, C, 1, 1) with (N, 1) works, and (1, C) is a single sample
    With label_smoothing ε, L = Σ ((1 − ε) w_t l[t] + ε Σ_c w_c l[c] / C) / W with l = −log softmax(x): the part ε of
    each label is distributed over all C classes.
    Errors: as ClassNLLCriterion; ArgumentError unless 0 <= label_smoothing <= 1.
    Source: torch/nn, CrossEntropyCriterion.lua; Szegedy et al., "Rethinking the Inception Architecture", 2016.
    """

    output_form = "logits"

    _shares: Array | float
    _powers: Array
    _label_positions: IntArray
    _of_rows: Array
    # ε r / (C W) of each row, r: its weight; and Σ_c w_c.
    _spread: Array | float
    _class_sum: float
    _starts: IntArray = np.arange(0)
    _classes = 0

    def __init__(
        self,
        weights: Sequence[float] | Array | None = None,
        size_average: bool = True,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weights, size_average)
        if not 0 <= label_smoothing <= 1:
            raise self.argument_error(f"expected a label_smoothing of 0 to 1, got {label_smoothing}")
        self.label_smoothing = label_smoothing

    def update_output(self, x: Array, t: Array | int) -> float:
        scores = self.to_scores(x)
        labels = self.to_labels(t, scores)
        self._shares = self.normalize_sample_weights(labels)
        if self.label_smoothing:
            self._shares = self._shares * (1 - self.label_smoothing)
        # Five numbers per row.
        self._of_rows = largest, picked, sums, losses, _ = self.buffer("of_rows", (5, len(scores)), like=scores)
        # z = x − max x:  −log softmax(x)[t] = log Σ exp z + max x − x[t]. Backward reuses exp z.
        z = self._powers = self.get_buffer(scores)
        z[...] = scores
        np.maximum.reduce(z, axis=1, out=largest)
        np.subtract(z, largest[:, None], out=z)
        smoothed = self.sum_over_classes(z) if self.label_smoothing else None
        np.exp(z, out=z)
        np.add.reduce(z, axis=1, out=sums)
        np.log(sums, out=losses)
        if smoothed is not None:
            np.subtract(self._class_sum * losses, smoothed, out=smoothed)
        self._label_positions = self.get_label_positions(labels, scores)
        scores.take(self._label_positions, out=picked, mode="clip")
        np.subtract(picked, largest, out=picked)
        np.subtract(losses, picked, out=losses)
        shares = self._shares
        equal = isinstance(shares, float)
        self.output = float(np.add.reduce(losses)) * shares if equal else float((losses * shares).sum())
        if smoothed is not None:
            self._spread = self.normalize_row_weights(labels) * (self.label_smoothing / scores.shape[1])
            self.output += float(np.sum(self._spread * smoothed))
        return self.output

    def sum_over_classes(self, z: Array) -> Array:
        """Return Σ_c w_c z[c] of each row; keep Σ_c w_c."""
        if self.weights is None:
            self._class_sum = z.shape[1]
            return z.sum(axis=1)
        self._class_sum = float(self.weights.sum())
        return z @ self.weights

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        dx = self.grad_input_of(x)
        rows = dx.reshape(self._powers.shape)
        _, picked, sums, _, factors = self._of_rows
        smoothing = self.label_smoothing
        np.divide(self._shares + self._class_sum * self._spread if smoothing else self._shares, sums, out=factors)
        np.multiply(self._powers, factors[:, None], out=rows)
        flat = dx.reshape(-1)
        flat.take(self._label_positions, out=picked, mode="clip")
        flat[self._label_positions] = np.subtract(picked, self._shares, out=picked)
        if smoothing:
            spread = np.reshape(self._spread, (-1, 1))
            np.subtract(rows, spread if self.weights is None else spread * self.weights, out=rows)
        return dx

    def get_label_positions(self, labels: IntArray, scores: Array) -> IntArray:
        """Return the flat index of x[t] of each row."""
        n, classes = scores.shape
        if len(self._starts) < n or classes != self._classes:
            self._starts, self._classes = np.arange(0, n * classes, classes), classes
        return np.add(self._starts[:n], labels, out=self.buffer("positions", (n,), like=scores, dtype=np.int64))

    def to_scores(self, x: Array) -> Array:
        """Return x without axes of size 1, as (N, C)."""
        shape = getattr(x, "shape", None)
        squeezable = shape is not None and (1 in shape or not shape)
        return self.to_rows(np.atleast_1d(np.squeeze(x)) if squeezable else x)

    def get_buffer(self, scores: Array) -> Array:
        """Return a buffer in the shape of the scores."""
        n, classes = scores.shape
        if classes < FEW_CLASSES:
            return self.buffer("powers", (classes, n), like=scores).T
        return self.buffer("powers", (n, classes), like=scores)
