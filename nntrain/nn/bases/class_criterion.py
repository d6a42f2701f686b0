"""The base of losses over class labels: label validation and sample weights."""

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.errors import ShapeError
from nntrain.nn.criterion import Criterion


def to_class_weights(criterion: Criterion, weights: Sequence[float] | Array | None) -> Array | None:
    """Copy ``weights`` to an array (C,). ArgumentError for another shape or negative weights."""
    if weights is None:
        return None
    w = np.array(weights, np.float64)
    if w.ndim != 1 or not np.all(w >= 0):
        raise criterion.argument_error(f"expected nonnegative weights of shape (C,), got {weights}")
    return w


class ClassCriterion(Criterion):
    """A loss of scores x and labels t, with optional class weights; w_t is the weight of class t.

    Shapes:
        x (C,) or (N, C), t a number or (N,): integers 0..C-1
    """

    mutable_arguments: ClassVar[tuple[str, ...]] = ("size_average",)
    has_row_weights = True
    is_pointwise = False

    weights: Array | None
    size_average: bool

    def __init__(self, weights: Sequence[float] | Array | None = None, size_average: bool = True) -> None:
        self.weights = to_class_weights(self, weights)
        self.size_average = size_average

    def to_rows(self, x: Array) -> Array:
        """Return x as (N, C); a vector is a batch of one. ShapeError for other shapes or class counts."""
        if getattr(x, "ndim", 0) not in (1, 2):
            raise self.shape_error("scores of shape (C,) or (N, C)", x)
        return self.check_class_count(x if x.ndim == 2 else x.reshape(1, -1))

    def check_class_count(self, batch: Array) -> Array:
        """Return the batch (N, C, ...). ShapeError if C differs from the number of class weights."""
        if self.weights is not None and len(self.weights) != batch.shape[1]:
            expected = f"scores of {len(self.weights)} classes, the number of class weights"
            raise self.add_location(ShapeError(f"expected {expected}, got {batch.shape[1]}"))
        return batch

    def to_labels(self, t: Array | int, batch: Array, ignore: int | None = None) -> IntArray:
        """Return the labels of a batch (N, C, ...) as integers (N, ...).

        ShapeError for another number of labels, and for the first one outside 0..C-1 other than ``ignore``.
        """
        n, classes, *inner = batch.shape
        given = t if isinstance(t, np.ndarray) else np.asarray(t)
        if given.dtype.kind not in "biuf" or given.size != math.prod((n, *inner)):
            raise self.shape_error(f"{math.prod((n, *inner))} labels, one for each row", t)
        if inner or given.ndim != 1:
            given = given.reshape(n, *inner)
        labels = given if given.dtype == np.int64 else self.to_integers(given)
        if given.dtype.kind == "f" and (fractional := labels != given).any():
            raise self.build_label_error(given, fractional, classes)
        # As unsigned integers, negative numbers are the largest.
        unsigned = labels.view(np.uint64)
        if unsigned.size and unsigned.item(unsigned.argmax()) >= classes:
            wrong = (unsigned >= classes) & (True if ignore is None else labels != ignore)
            if wrong.any():
                raise self.build_label_error(given, wrong, classes)
        return labels

    def to_integers(self, labels: Array) -> IntArray:
        """Convert labels to integers; a label that is not an integer changes its value."""
        with np.errstate(invalid="ignore"):
            return labels.astype(np.int64)

    def build_label_error(self, given: Array, wrong: Array, classes: int) -> ShapeError:
        """Build the error with the first wrong label and its row."""
        row, *inner = (int(index) for index in np.unravel_index(wrong.argmax(), wrong.shape))
        where = f"row {row} at {tuple(inner)}" if inner else f"row {row}"
        message = f"expected labels of 0..{classes - 1}, got {given[(row, *inner)]} in {where}"
        return self.add_location(ShapeError(message))

    def sum_weights(self, t: Array) -> float:
        """Σ w_t."""
        w = self.get_sample_weights(self.to_integers(t))
        return float(t.size if w is None else w.sum())

    def normalize_sample_weights(self, labels: IntArray, counts: Array | None = None) -> Array | float:
        """Return w_t / W per sample, W = Σ w_t, or 1 unless size_average; a single number if all are equal.

        Ignored samples get 0, and so do all samples if W is 0.
        """
        w = self.get_sample_weights(labels)
        if w is None and counts is None:
            return 1 / max(labels.size, 1) if self.size_average else 1.0
        w = np.ones(labels.shape) if w is None else w
        if counts is not None:
            w = w * counts
        W = float(w.sum()) if self.size_average else 1.0
        return w / W if W else np.zeros_like(w)

    def normalize_row_weights(self, labels: IntArray) -> Array | float:
        """Return r / W per sample with the row weights r and W of ``normalize_sample_weights``; 0 if W is 0."""
        w = self.get_sample_weights(labels)
        if self.weights is None or w is None:
            return self.normalize_sample_weights(labels)
        W = float(w.sum()) if self.size_average else 1.0
        r = 1.0 if self.row_weights is None else self.get_row_factors(labels)
        return r / W if W else 0.0

    def get_sample_weights(self, labels: IntArray) -> Array | None:
        """Return w_t times the row weight per sample; None if all are 1."""
        w = None if self.weights is None else self.weights[labels]
        if self.row_weights is None:
            return w
        factors = self.get_row_factors(labels)
        return np.broadcast_to(factors, labels.shape) if w is None else w * factors
