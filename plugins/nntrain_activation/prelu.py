"""y = x where x > 0, a x elsewhere, with a learned a."""

import numpy as np

from nntrain.nn import Array, Elementwise
from nntrain.nn.parameter import add_scaled, parameter
from nntrain_activation.leaky_derivative import fill_leaky_derivative


class PReLU(Elementwise):
    """y = x where x > 0, a x elsewhere;  y' = 1 where x > 0, a elsewhere;  da = Σ x dy where x ≤ 0.

    Shapes:
        n_output_plane 0 or None: any x → y of the same shape; weight a (1,), shared by all elements
        n_output_plane n: x (n,) or (N, n, ...) → y of the same shape; weight a (n,), one for each channel
    Initially weight is 0.25.
    Errors: ShapeError if x does not have n channels; ArgumentError for a negative n_output_plane.
    Source: torch/nn, PReLU.lua; He et al., "Delving Deep into Rectifiers", 2015. Three axes are always (N, n, L),
    never one image (n, H, W).
    """

    divisible = False

    def __init__(self, n_output_plane: int | None = 0) -> None:
        self.n_output_plane = n_output_plane or 0
        if self.n_output_plane < 0:
            raise self.argument_error(f"expected n_output_plane of at least 0, got {n_output_plane}")
        self.weight, self.grad_weight = parameter(max(self.n_output_plane, 1))
        self.weight[...] = 0.25

    def value(self, x: Array, out: Array) -> None:
        self._split_shape(x)  # checks the planes
        self.derivative(x, out, out)  # 1 or weight, in out
        np.multiply(out, x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        fill_leaky_derivative(self, x, self.weight.reshape(-1, *(1,) * (x.ndim - 2)), out)

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        terms = self.buffer("terms", x.shape, like=x)
        np.clip(x, -np.inf, 0, out=terms)
        np.multiply(terms, dy, out=terms)
        da = self.buffer("da", self.weight.shape, like=self.weight)
        np.sum(terms.reshape(self._split_shape(x)), axis=(0, 2), out=da)
        add_scaled(self.grad_weight, da, scale)

    def _split_shape(self, x: Array) -> tuple[int, int, int]:
        """The products of the sizes before, along and after the channel axis of x. ShapeError if it does not fit."""
        n = self.n_output_plane
        if not n:
            return x.size, 1, 1
        if x.shape[min(1, x.ndim - 1)] != n:
            raise self.shape_error(f"an input of shape ({n},) or (N, {n}, ...)", x)
        before = 1 if x.ndim == 1 else len(x)
        return before, n, x.size // (before * n) if x.size else 0
