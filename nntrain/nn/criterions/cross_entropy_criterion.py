"""L = −Σ w_t log softmax(x)[t] / Σ w_t."""

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
    Errors: as ClassNLLCriterion.
    Source: torch/nn, CrossEntropyCriterion.lua.
    """

    output_form = "logits"

    _shares: Array | float
    _powers: Array
    _label_positions: IntArray
    _of_rows: Array
    _starts: IntArray = np.arange(0)
    _classes = 0

    def update_output(self, x: Array, t: Array | int) -> float:
        scores = self.to_scores(x)
        labels = self.to_labels(t, scores)
        self._shares = self.normalize_sample_weights(labels)
        # Five numbers per row.
        self._of_rows = largest, picked, sums, losses, _ = self.buffer("of_rows", (5, len(scores)), like=scores)
        # z = x − max x:  −log softmax(x)[t] = log Σ exp z + max x − x[t]. Backward reuses exp z.
        z = self._powers = self.get_buffer(scores)
        z[...] = scores
        np.maximum.reduce(z, axis=1, out=largest)
        np.subtract(z, largest[:, None], out=z)
        np.exp(z, out=z)
        np.add.reduce(z, axis=1, out=sums)
        np.log(sums, out=losses)
        self._label_positions = self.get_label_positions(labels, scores)
        scores.take(self._label_positions, out=picked, mode="clip")
        np.subtract(picked, largest, out=picked)
        np.subtract(losses, picked, out=losses)
        shares = self._shares
        equal = isinstance(shares, float)
        self.output = float(np.add.reduce(losses)) * shares if equal else float((losses * shares).sum())
        return self.output

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        dx = self.grad_input_of(x)
        rows = dx.reshape(self._powers.shape)
        _, picked, sums, _, factors = self._of_rows
        np.divide(self._shares, sums, out=factors)
        np.multiply(self._powers, factors[:, None], out=rows)
        flat = dx.reshape(-1)
        flat.take(self._label_positions, out=picked, mode="clip")
        flat[self._label_positions] = np.subtract(picked, self._shares, out=picked)
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
