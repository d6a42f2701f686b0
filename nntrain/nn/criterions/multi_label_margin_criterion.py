"""L = Σ max(0, 1 − x[l] + x[j]) / C over labels l and other classes j."""

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.nn.bases.class_criterion import ClassCriterion


class MultiLabelMarginCriterion(ClassCriterion):
    """L = Σ z / (C N), z = max(0, 1 − x[l] + x[j]), over labels l and other classes j.

    Each z > 0 adds 1 / (C N) to dx[j] and subtracts it from dx[l]. N is the number of samples, or 1 unless
    size_average. A repeated label counts twice.

    Shapes:
        x (C,) or (N, C) scores, t of the same shape: the labels of each row, ended by -1
    Errors: ShapeError for a t of another shape, and for labels outside 0..C-1.
    Source: torch/nn, MultiLabelMarginCriterion.lua.
    """

    has_row_weights = False

    def __init__(self, size_average: bool = True) -> None:
        super().__init__(None, size_average)

    def update_output(self, x: Array, t: IntArray) -> float:
        rows = self.to_rows(x)
        total = sum(float(z.sum()) for _, z in self.iterate_margins(rows, *self.to_label_lists(t, x)))
        self.output = total / self.get_divisor(rows)
        return self.output

    def update_grad_input(self, x: Array, t: IntArray) -> Array:
        dx = self.zero_grad_input_of(x)
        rows, inner = self.to_rows(x), dx.reshape(-1, dx.shape[-1])
        for labels, z in self.iterate_margins(rows, *self.to_label_lists(t, x)):
            np.sign(z, out=z)
            np.add(inner, z, out=inner)
            inner[self.arange(len(labels)), labels] -= z.sum(axis=1)
        np.multiply(inner, 1 / self.get_divisor(rows), out=inner)
        return dx

    def to_label_lists(self, t: IntArray, x: Array) -> tuple[IntArray, Array]:
        """Return the labels (N, C), with 0 after the end of each row, and the mask of labels."""
        given = np.asarray(t)
        if given.shape != x.shape:
            raise self.shape_error(f"labels in the shape of the input, {x.shape}", t)
        n, classes = self.to_rows(x).shape
        given = given.reshape(n, classes)
        listed = np.logical_and.accumulate(given != -1, axis=1)
        # A batch (N, C, C): one set of scores per position of the label list.
        batch = np.broadcast_to(x.reshape(n, classes, 1), (n, classes, classes))
        return self.to_labels(np.where(listed, given, 0), batch), listed

    def iterate_margins(self, x: Array, labels: IntArray, listed: Array) -> Iterator[tuple[IntArray, Array]]:
        """Iterate over the positions: their labels (N,), and z (N, C), 0 at labels and in rows without one."""
        others = self.buffer("others", x.shape, like=x)
        others[...] = 1
        others[np.nonzero(listed)[0], labels[listed]] = 0
        z = self.buffer("z", x.shape, like=x)
        for position in range(int(listed.sum(axis=1).max(initial=0))):
            label = labels[:, position]
            np.subtract(x, (x[self.arange(len(x)), label] - 1)[:, None], out=z)
            np.maximum(z, 0, out=z)
            np.multiply(z, others, out=z)
            np.multiply(z, listed[:, position, None], out=z)
            yield label, z

    def get_divisor(self, rows: Array) -> int:
        """Return C N."""
        return max(rows.size, 1) if self.size_average else max(rows.shape[1], 1)
