"""y = x to the right of 0, a x to the left, with a learned a."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.elementwise import Elementwise
from nntrain.nn.parameter import add_scaled, parameter
from nntrain_activation.leaky_slope import fill_leaky_slope

__all__ = ["PReLU"]


class PReLU(Elementwise):
    """y = x where x > 0, a x elsewhere;  y' = 1 where x > 0, a elsewhere;  da = Σ x dy where x ≤ 0.

    Shapes:
        n_output_plane 0 or None: any x → y of the same shape; weight a (1,), the same everywhere
        n_output_plane n: x (n,) or (N, n, ...) → y of the same shape; weight a (n,), one for each plane
    Initially weight is 0.25.
    Errors: ShapeError if x has not n planes; ArgumentError for a negative n_output_plane.
    Source: torch/nn, PReLU.lua; He et al., "Delving Deep into Rectifiers", 2015. Three axes are (N, n, L),
    never one image (n, H, W).
    """

    divisible = False

    def __init__(self, n_output_plane: int | None = 0) -> None:
        self.n_output_plane = n_output_plane or 0
        if self.n_output_plane < 0:
            raise self.argument_error(f"expected planes of at least 0, got {n_output_plane}")
        self.weight, self.grad_weight = parameter(max(self.n_output_plane, 1))
        self.weight[...] = 0.25

    def value(self, x: Array, out: Array) -> None:
        self._split_shape(x)
        self.derivative(x, out, out)
        np.multiply(out, x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        a = self.weight.reshape(-1, *(1,) * (x.ndim - 2))
        fill_leaky_slope(x, a, out, self.buffer("mask", x.shape, like=x, dtype=np.bool_))

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        terms = self.buffer("terms", x.shape, like=x)
        np.clip(x, -np.inf, 0, out=terms)
        np.multiply(terms, dy, out=terms)
        da = self.buffer("da", self.weight.shape, like=self.weight)
        np.sum(terms.reshape(self._split_shape(x)), axis=(0, 2), out=da)
        add_scaled(self.grad_weight, da, scale)

    def _split_shape(self, x: Array) -> tuple[int, int, int]:
        """The sizes before, of and after the planes of x. ShapeError if they are not n_output_plane."""
        n = self.n_output_plane
        if not n:
            return x.size, 1, 1
        if x.shape[min(1, x.ndim - 1)] != n:
            raise self.shape_error(f"an input of shape ({n},) or (N, {n}, ...)", x)
        before = 1 if x.ndim == 1 else len(x)
        return before, n, x.size // (before * n) if x.size else 0
