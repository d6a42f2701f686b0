"""y = x / ‖x‖, row by row."""

import numpy as np

from nntrain.nn import Array, Module


class Normalize(Module):
    """y = x / n, n = s^(1/p), s = Σ |x|ᵖ + eps;  dx = (dy − b (x·dy) / s) / n, b = x |x|ᵖ⁻², row by row.

    For p < 2, b = x (|x| + eps)ᵖ⁻². For p = ∞, n = max |x| + eps, and dx = dy / n − (x·dy) x / n³ at the first
    maximum, dy / n elsewhere.

    Shapes:
        x (D,) or (N, D) → y of the same shape
    p is a number above 0, or 'inf'. A row of zeros stays zero.
    Errors: ShapeError for other numbers of axes; ArgumentError for another p.
    Source: torch/nn, Normalize.lua.
    """

    def __init__(self, p: float | str, eps: float = 1e-10) -> None:
        if (isinstance(p, str) and p != "inf") or not float(p) > 0:
            raise self.argument_error(f"expected a p above 0, or 'inf', got {p!r}")
        self.p = float(p)
        self.eps = eps

    def update_output(self, x: Array) -> Array:
        self.require(x, 1, 2, expected="an input of shape (D,) or (N, D)")
        y = self.output_of(x.shape, like=x)
        n, s = self._get_row_buffer("n", y), self._get_row_buffer("s", y)
        np.abs(x, out=y)
        if self.p == np.inf:
            np.max(y, axis=-1, keepdims=True, out=n)
            np.add(n, self.eps, out=n)
            np.power(n, 3, out=s)
        else:
            np.power(y, self.p, out=y)
            np.sum(y, axis=-1, keepdims=True, out=s)
            np.add(s, self.eps, out=s)
            np.power(s, 1 / self.p, out=n)
        np.divide(x, n, out=y)
        return y

    def _get_row_buffer(self, name: str, like: Array) -> Array:
        """Memory for one number per row."""
        return self.buffer(name, (*like.shape[:-1], 1), like=like)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        n, s, along = (self._get_row_buffer(name, dx) for name in ("n", "s", "along"))
        np.multiply(x, dy, out=dx)
        np.sum(dx, axis=-1, keepdims=True, out=along)
        np.divide(along, s, out=along)
        if self.p == np.inf:
            np.divide(dy, n, out=dx)
            self._subtract_at_largest(x, dx, along)
        else:
            self._compute_b(x, dx)
            np.multiply(dx, along, out=dx)
            np.subtract(dy, dx, out=dx)
            np.divide(dx, n, out=dx)
        return dx

    def _compute_b(self, x: Array, out: Array) -> None:
        """out ← b."""
        np.abs(x, out=out)
        if self.p < 2:  # a power below 0
            np.add(out, self.eps, out=out)
        np.power(out, self.p - 2, out=out)
        np.multiply(out, x, out=out)

    def _subtract_at_largest(self, x: Array, dx: Array, factor: Array) -> None:
        """dx ← dx − factor · x at the largest |x| of each row."""
        size = self.buffer("size", x.shape, like=x)
        np.abs(x, out=size)
        position = np.argmax(size, axis=-1, keepdims=True)
        difference = np.take_along_axis(dx, position, -1) - factor * np.take_along_axis(x, position, -1)
        np.put_along_axis(dx, position, difference, -1)

    def label(self) -> str:
        return f"Normalize({self.p:g})"
