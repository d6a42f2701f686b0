"""Confusion matrix of classes and predictions."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.errors import ArgumentError, ShapeError

# Minimum width of a printed number.
COLUMN_WIDTH = 8


class ConfusionMatrix:
    """``mat[t, y]``: the number of samples of class t that are predicted as y.

    ``n_classes`` may be a list of class names. ``valids`` are the correct fractions of each row, ``unionvalids`` those
    of the union of each row and column (NaN without samples), ``average_valid`` and ``average_union_valid`` their means
    over the classes with samples, ``total_valid`` the correct fraction of all samples. ``update_valids`` computes them,
    and so does printing.
    Errors: ShapeError if predictions and targets do not match, ArgumentError for an unknown class.
    Source: torch/optim, ConfusionMatrix.lua.
    """

    def __init__(self, n_classes: int | Sequence[str], classes: Sequence[str] | None = None) -> None:
        if not isinstance(n_classes, int | np.integer):
            classes = n_classes
            n_classes = len(classes)
        n_classes = int(n_classes)
        if n_classes < 1:
            raise ArgumentError(f"ConfusionMatrix: expected at least one class, got {n_classes}")
        if classes is not None and len(classes) != n_classes:
            raise ArgumentError(f"ConfusionMatrix: expected {n_classes} class names, got {len(classes)}")
        self.n_classes = n_classes
        self.classes = list(classes) if classes is not None else None
        self.mat = np.zeros((n_classes, n_classes), np.int64)
        self.zero()

    def zero(self) -> None:
        """Reset all counts."""
        self.mat.fill(0)
        self.valids = np.zeros(self.n_classes, np.float32)
        self.unionvalids = np.zeros(self.n_classes, np.float32)
        self.total_valid = self.average_valid = self.average_union_valid = 0.0

    def add(self, prediction: Any, target: Any) -> None:
        """Count one sample: prediction as class or scores, target as class or one-hot; targets < 0 are ignored."""
        self.batch_add(np.asarray(prediction)[None], np.asarray(target)[None])

    def batch_add(self, predictions: Any, targets: Any) -> None:
        """Count N samples: classes (N,) or (N, 1), or scores (N, n_classes), where the first maximum counts."""
        y, t = self.to_labels(predictions, "predictions"), self.to_labels(targets, "targets")
        if len(y) != len(t):
            raise ShapeError(
                f"ConfusionMatrix: expected equally many predictions and targets, got {len(y)} and {len(t)}"
            )
        y, t = y[t >= 0], t[t >= 0]
        for name, labels in (("prediction", y), ("target", t)):
            if len(labels) and not 0 <= labels.min() <= labels.max() < self.n_classes:
                wrong = labels[(labels < 0) | (labels >= self.n_classes)][0]
                raise ArgumentError(f"ConfusionMatrix: expected a {name} from 0 to {self.n_classes - 1}, got {wrong}")
        np.add.at(self.mat, (t, y), 1)

    def to_labels(self, values: Any, name: str) -> IntArray:
        """Return the classes of N samples; scores are compared in float32."""
        values = np.asarray(values)
        if values.ndim == 2 and values.shape[1] == self.n_classes > 1:
            return np.argmax(values.astype(np.float32), axis=1)
        if values.ndim == 2 and values.shape[1] == 1:
            values = values[:, 0]
        if values.ndim != 1:
            raise ShapeError(
                f"ConfusionMatrix: expected {name} of shape (N,) or (N, {self.n_classes}), got {values.shape}"
            )
        labels = values.astype(np.int64)
        if (labels != values).any():
            raise ArgumentError(f"ConfusionMatrix: expected integers as {name}, got {values.dtype}")
        return labels

    def update_valids(self) -> None:
        """Compute the fractions from the counts."""
        correct, rows, columns = np.diagonal(self.mat), self.mat.sum(axis=1), self.mat.sum(axis=0)
        self.valids = divide(correct, rows).astype(np.float32)
        self.unionvalids = divide(correct, rows + columns - correct).astype(np.float32)
        self.total_valid = float(divide(correct.sum(), rows.sum()))
        self.average_valid = nanmean(self.valids)
        # Classes without samples count in neither mean, even if predicted.
        self.average_union_valid = nanmean(self.unionvalids[rows > 0])

    def far_frr(self) -> tuple[Array, Array, Array, Array]:
        """Return false rejection and false acceptance rates: (class_frrs, class_fars, frrs, fars).

        The FRR of a class is the fraction of its samples that are predicted as other classes; its FAR is the mean over
        the other classes of the fraction predicted as this class. Both are -1 for a class without samples; frrs and
        fars omit those.
        """
        rows = self.mat.sum(axis=1)
        has_samples = rows > 0
        fractions = divide(self.mat, rows[:, None])
        frrs = 1 - np.diagonal(fractions)[has_samples]
        others = fractions[has_samples][:, has_samples]
        fars = divide(others.sum(axis=0) - np.diagonal(others), len(others) - 1)
        class_frrs, class_fars = np.full(self.n_classes, -1.0), np.full(self.n_classes, -1.0)
        class_frrs[has_samples], class_fars[has_samples] = frrs, fars
        return class_frrs, class_fars, frrs, fars

    def __repr__(self) -> str:
        self.update_valids()
        width = max(COLUMN_WIDTH, 1 + int(np.ceil(np.log10(max(self.mat.max(), 1)))))
        lines = ["ConfusionMatrix:"]
        for index, row in enumerate(self.mat):
            left = "[[" if index == 0 else " ["
            right = "]]  " if index == self.n_classes - 1 else "]   "
            name = f"\t[class: {self.classes[index]}]" if self.classes else ""
            numbers = "".join(f"{count:{width}d}" for count in row)
            lines.append(f"{left}{numbers}{right}{100 * self.valids[index]:.3f}% {name}")
        lines.append(f" + average row correct: {100 * self.average_valid:.14g}% ")
        lines.append(f" + average rowUcol correct (VOC measure): {100 * self.average_union_valid:.14g}% ")
        lines.append(f" + global correct: {100 * self.total_valid:.14g}%")
        return "\n".join(lines)


@np.errstate(divide="ignore", invalid="ignore")
def divide(part: Any, whole: Any) -> Array:
    """Return part / whole; NaN for 0 / 0."""
    return np.asarray(np.divide(part, whole))


def nanmean(values: Array) -> float:
    """Return the mean without NaN values; NaN if there are none."""
    known = values[~np.isnan(values)].astype(float)
    return float(divide(known.sum(), len(known)))
