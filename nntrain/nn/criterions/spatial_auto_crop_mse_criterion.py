"""L = Σ (x − c)² / n, c the center of t."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.criterions.mse_criterion import MSECriterion


class SpatialAutoCropMSECriterion(MSECriterion):
    """L = Σ (x − c)² / n, c the center of t;  dx = 2 (x − c) / n;  n = x.size, or 1 unless size_average.

    The center starts at row (H − h) // 2 and column (W − w) // 2.

    Shapes:
        x (C, h, w) or (N, C, h, w), t (C, H, W) or (N, C, H, W), H ≥ h, W ≥ w
    Errors: ShapeError for other shapes.
    Source: torch/nn, SpatialAutoCropMSECriterion.lua, whose backward fails if t is larger than x.
    """

    def align_target(self, x: Array, t: Array) -> Array:
        t = np.asarray(t)
        fits = x.ndim in (3, 4) and t.ndim == x.ndim and t.shape[:-2] == x.shape[:-2]
        if not fits or t.shape[-2] < x.shape[-2] or t.shape[-1] < x.shape[-1]:
            expected = f"images (C, h, w) or (N, C, h, w) and a target at least as large as the input, {x.shape}"
            raise self.shape_error(expected, t)
        (h, w), (top, left) = x.shape[-2:], [(t.shape[axis] - x.shape[axis]) // 2 for axis in (-2, -1)]
        return t[..., top : top + h, left : left + w]
