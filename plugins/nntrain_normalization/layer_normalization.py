"""y = √n (x − μ) / ‖x − μ‖ · w + b, row by row."""

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array
from nntrain.nn.bases.affine import Affine
from nntrain.nn.parameter import add_scaled


class LayerNormalization(Affine):
    """y = h w + b, h = √n (x − μ) / r, r = √(Σ (x − μ)² + eps), μ = Σ x / n, row by row;  dw = Σ dy h;  db = Σ dy.

    dx = t − mean t, t = √n (dy w − h mean(h dy w)) / r.

    Shapes:
        x (n,) or (N, n), n = n_output → y of the same shape
        weight w, bias b (n,), absent with affine=False
    Initially w is 1 and b the argument ``bias``; ``reset`` samples both from U(−s, s), s = 1/√n.
    Errors: ShapeError if x is not of these shapes; ArgumentError for an n_output below 1.
    Source: torch/nn, LayerNormalization.lua, whose means are wrong in a batch; Ba et al., "Layer Normalization",
    2016. eps is added to the sum of squares, not to their mean.
    """

    inferred = {"n_output": -1}

    def __init__(self, n_output: int, bias: float = 0, eps: float = 1e-10, affine: bool = True) -> None:
        self.create_parameters(n_output, affine)
        self.eps = eps
        if self.weight is not None and self.bias is not None:
            self.weight[...] = 1
            self.bias[...] = bias

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(self.n_output, stdv, *self.get_own_parameters()[0])

    def update_output(self, x: Array) -> Array:
        n = self.n_output
        self.require(x, 1, 2, size=n, expected=f"an input of shape ({n},) or (N, {n})")
        y = self.output_of(x.shape, like=x)
        h, r = self._get_buffers(x)
        np.subtract(x, np.mean(x, axis=-1, keepdims=True, out=r), out=h)
        np.multiply(h, h, out=y)
        np.sum(y, axis=-1, keepdims=True, out=r)
        np.add(r, self.eps, out=r)
        np.divide(np.sqrt(r, out=r), n**0.5, out=r)
        np.divide(h, r, out=h)
        self.transform(h, y)
        return y

    def _get_buffers(self, x: Array) -> tuple[Array, Array]:
        """Memory for h and r / √n."""
        h = self.buffer("h", x.shape, like=x)
        return h, self.buffer("r", (*x.shape[:-1], 1), like=h)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        h, r = self._get_buffers(x)
        q = self.buffer("q", x.shape, like=x)
        np.multiply(dy, 1 if self.weight is None else self.weight, out=q)
        np.multiply(h, q, out=dx)
        np.multiply(h, dx.mean(axis=-1, keepdims=True), out=dx)
        np.subtract(q, dx, out=dx)
        np.divide(dx, r, out=dx)
        np.subtract(dx, dx.mean(axis=-1, keepdims=True), out=dx)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        if self.weight is None:
            return
        terms = self.buffer("q", x.shape, like=x)
        np.multiply(dy, self._get_buffers(x)[0], out=terms)
        for gradient, name, term in ((self.grad_weight, "dw", terms), (self.grad_bias, "db", dy)):
            total = self.buffer(name, gradient.shape, like=gradient)
            np.sum(term.reshape(-1, self.n_output), axis=0, out=total)
            add_scaled(gradient, total, scale)
