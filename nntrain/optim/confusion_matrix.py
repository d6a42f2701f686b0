"""How often which class was taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.errors import ArgumentError, ShapeError

__all__ = ["ConfusionMatrix"]

# The columns of a printed number, unless one needs more.
COLUMN_WIDTH = 8


class ConfusionMatrix:
    """``mat[t, y]``: how many samples of class t were predicted as y.

    ``n_classes`` may be the list of the classes' names. ``valids`` are the shares of each row that are right,
    ``unionvalids`` those of each row and column together (NaN without samples), ``average_valid`` and
    ``average_union_valid`` their means over the classes that have samples, ``total_valid`` the share of all samples;
    ``update_valids`` computes all five, and printing does.
    Errors: ShapeError if predictions and targets do not fit, ArgumentError for a class that is not there.
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
            raise ArgumentError(f"ConfusionMatrix: expected {n_classes} names of classes, got {len(classes)}")
        self.n_classes = n_classes
        self.classes = list(classes) if classes is not None else None
        self.mat = np.zeros((n_classes, n_classes), np.int64)
        self.zero()

    def zero(self) -> None:
        """Forget all samples."""
        self.mat.fill(0)
        self.valids = np.zeros(self.n_classes, np.float32)
        self.unionvalids = np.zeros(self.n_classes, np.float32)
        self.total_valid = self.average_valid = self.average_union_valid = 0.0

    def add(self, prediction: Any, target: Any) -> None:
        """Count one sample: a class, or a score for each class; and a class, or one-hot. Target < 0: left out."""
        self.batch_add(np.asarray(prediction)[None], np.asarray(target)[None])

    def batch_add(self, predictions: Any, targets: Any) -> None:
        """Count N samples: classes (N,) or (N, 1), or scores (N, n_classes), of which the first highest counts."""
        y, t = self.to_labels(predictions, "predictions"), self.to_labels(targets, "targets")
        if len(y) != len(t):
            raise ShapeError(f"ConfusionMatrix: expected as many predictions as targets, got {len(y)} and {len(t)}")
        y, t = y[t >= 0], t[t >= 0]
        for name, labels in (("prediction", y), ("target", t)):
            if len(labels) and not 0 <= labels.min() <= labels.max() < self.n_classes:
                wrong = labels[(labels < 0) | (labels >= self.n_classes)][0]
                raise ArgumentError(f"ConfusionMatrix: expected a {name} from 0 to {self.n_classes - 1}, got {wrong}")
        np.add.at(self.mat, (t, y), 1)

    def to_labels(self, values: Any, name: str) -> IntArray:
        """The classes of N samples; scores are compared in single precision."""
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
            raise ArgumentError(f"ConfusionMatrix: expected {name} that are whole numbers, got {values.dtype}")
        return labels

    def update_valids(self) -> None:
        """Compute the shares from the counts."""
        right, rows, columns = np.diagonal(self.mat), self.mat.sum(axis=1), self.mat.sum(axis=0)
        self.valids = divide(right, rows).astype(np.float32)
        self.unionvalids = divide(right, rows + columns - right).astype(np.float32)
        self.total_valid = float(divide(right.sum(), rows.sum()))
        self.average_valid = nanmean(self.valids)
        # A class that was predicted but has no samples counts in neither mean.
        self.average_union_valid = nanmean(self.unionvalids[rows > 0])

    def far_frr(self) -> tuple[Array, Array, Array, Array]:
        """False rejections and false acceptances: (class_frrs, class_fars, frrs, fars).

        A class's first is the share of its samples that went elsewhere, its second the mean over the other classes of
        the share that came here. Both are -1 for a class without samples; frrs and fars leave such out.
        """
        rows = self.mat.sum(axis=1)
        some = rows > 0
        shares = divide(self.mat, rows[:, None])
        frrs = 1 - np.diagonal(shares)[some]
        others = shares[some][:, some]
        fars = divide(others.sum(axis=0) - np.diagonal(others), len(others) - 1)
        class_frrs, class_fars = np.full(self.n_classes, -1.0), np.full(self.n_classes, -1.0)
        class_frrs[some], class_fars[some] = frrs, fars
        return class_frrs, class_fars, frrs, fars

    def __repr__(self) -> str:
        self.update_valids()
        width = max(COLUMN_WIDTH, 1 + int(np.ceil(np.log10(max(self.mat.max(), 1)))))
        lines = ["ConfusionMatrix:"]
        for index, row in enumerate(self.mat):
            opened = "[[" if index == 0 else " ["
            closed = "]]  " if index == self.n_classes - 1 else "]   "
            name = f"\t[class: {self.classes[index]}]" if self.classes else ""
            numbers = "".join(f"{count:{width}d}" for count in row)
            lines.append(f"{opened}{numbers}{closed}{100 * self.valids[index]:.3f}% {name}")
        lines.append(f" + average row correct: {100 * self.average_valid:.14g}% ")
        lines.append(f" + average rowUcol correct (VOC measure): {100 * self.average_union_valid:.14g}% ")
        lines.append(f" + global correct: {100 * self.total_valid:.14g}%")
        return "\n".join(lines)


@np.errstate(divide="ignore", invalid="ignore")
def divide(part: Any, whole: Any) -> Array:
    """part / whole; NaN of nothing."""
    return np.asarray(np.divide(part, whole))


def nanmean(values: Array) -> float:
    """The mean of those that are numbers; NaN of none."""
    known = values[~np.isnan(values)].astype(float)
    return float(divide(known.sum(), len(known)))
