"""L = Σ (x − S[t])² / n, S[t] the corner of a regular simplex."""

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.compute.array import Array
from nntrain.nn.bases.class_criterion import ClassCriterion
from nntrain.nn.criterions.mse_criterion import MSECriterion


class ClassSimplexCriterion(ClassCriterion, MSECriterion):
    """L = Σ (x − S[t])² / n, S[t] a corner of a regular simplex;  dx = 2 (x − S[t]) / n.

    Each class has a corner; all corners have length 1 and equal distances. n = x.size, or 1 unless size_average.

    Shapes:
        x (C,) or (N, C), C = n_classes, t a label or (N,) labels; ``simplex`` S (C, C), its last column 0
    Errors: ArgumentError for fewer than two classes; ShapeError for other shapes and for labels outside 0..C-1.
    Source: torch/nn, ClassSimplexCriterion.lua; Mroueh et al., "Multiclass Learning with Simplex Coding", 2012.
    """

    output_form = "logits"

    def __init__(self, n_classes: int, size_average: bool = True) -> None:
        super().__init__(None, size_average)
        if n_classes < 2:
            raise self.argument_error(f"expected at least 2 classes, got {n_classes}")
        reserve_elements(n_classes, n_classes)
        self.simplex = np.zeros((n_classes, n_classes))
        self.simplex[:, :-1] = compute_corners(n_classes)

    def align_target(self, x: Array, t: Array) -> Array:
        rows = self.to_scores(x)
        targets = self.buffer("targets", rows.shape, like=self.simplex)
        # mode "clip" avoids a temporary copy; the labels are already validated.
        np.take(self.simplex, self.to_labels(t, rows), axis=0, out=targets, mode="clip")
        return targets.reshape(x.shape)

    def to_scores(self, x: Array) -> Array:
        """Return x as (N, C)."""
        rows = self.to_rows(x)
        if rows.shape[1] != len(self.simplex):
            raise self.shape_error(f"an input of shape (N, {len(self.simplex)})", x)
        return rows

    def to_output_form(self, x: Array) -> Array:
        """Return the projection of each row on each corner."""
        return self.get_predictions(x)

    def get_predictions(self, x: Array) -> Array:
        """Return x Sᵀ (N, C), the projection of each row on each corner."""
        return np.matmul(self.to_scores(x), self.simplex.T)

    def get_top_prediction(self, x: Array) -> Array:
        """Return the class (N,) with the largest projection per row."""
        return self.get_predictions(x).argmax(axis=1)


def compute_corners(n_classes: int) -> Array:
    """Return the corners (C, C − 1) of a regular simplex centered at 0."""
    k = n_classes - 1
    S = np.zeros((n_classes, k))
    for i in range(k):
        # The last element of row i makes its length 1; the next element of later rows makes their cosine with it −1/k.
        S[i, i] = np.sqrt(1 - np.square(S[i, :i]).sum())
        S[i + 1 :, i] = (S[i, i] ** 2 - 1 - 1 / k) / S[i, i]
    return S
