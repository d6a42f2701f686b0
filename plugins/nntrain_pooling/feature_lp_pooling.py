"""y = (Σ xᵖ)^(1/p) over every window of features."""

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.windows import Windows, index_last_axes
from nntrain.nn.module import Module


class FeatureLPPooling(Module):
    """y[o] = (Σ x[o stride + i]ᵖ)^(1/p) over i < width, p = power;  dx[o stride + i] += dy[o] (x / y[o])^(p − 1).

    No absolute value is taken: an odd or fractional p gives NaN where the sum is negative. Where y is 0, dx is 0.

    Shapes:
        x (n,), (n, a) or (n, a, b), with batch_mode after an axis N → y, with (n − width) // stride + 1 in place of n
    Errors: ShapeError for other axes, and fewer than width features; ArgumentError unless width is 2 to 16 and
    stride 1 to 4.
    Source: torch/nn, FeatureLPPooling.lua.
    """

    needs_output = True

    def __init__(self, width: int, stride: int, power: float, batch_mode: bool = False) -> None:
        if not 2 <= width <= 16 or not 1 <= stride <= 4:
            raise self.argument_error(f"expected a width of 2 to 16 and a stride of 1 to 4, got {width} and {stride}")
        if power == 0:
            raise self.argument_error("expected a power other than 0, got 0")
        self.windows = Windows((width, 1), (stride, 1))
        self.power = power
        self.axis = int(batch_mode)

    def update_output(self, x: Array) -> Array:
        x = self._check_input(x)
        features = self._flatten_features(x)
        count, _ = self.windows.count_windows(features.shape[1:])
        y = self.output_of((*x.shape[: self.axis], count, *x.shape[self.axis + 1 :]), like=x)
        norm = self._flatten_features(y)
        largest = self._compute_max(features, like=norm)
        part = self.buffer("part", norm.shape, like=norm)
        norm[...] = 0
        with np.errstate(all="ignore"):
            for _, _, positions in self.windows.iterate_taps(features.shape[1:], norm.shape[1:]):
                np.divide(features[index_last_axes(*positions)], largest, out=part)
                np.power(part, self.power, out=part)
                np.add(norm, part, out=norm)
            np.power(norm, 1 / self.power, out=norm)
        np.multiply(norm, largest, out=norm)
        return y

    def _compute_max(self, x: Array, like: Array) -> Array:
        """The largest |x| of every window, 1 where that is 0: powers of numbers up to 1 do not overflow."""
        largest = self.buffer("largest", like.shape, like=like)
        size = self.buffer("part", like.shape, like=like)
        largest[...] = 0
        for _, _, positions in self.windows.iterate_taps(x.shape[1:], like.shape[1:]):
            np.abs(x[index_last_axes(*positions)], out=size)
            np.maximum(largest, size, out=largest)
        np.copyto(largest, 1, where=np.equal(largest, 0, out=self._get_mask(largest.shape, like)))
        return largest

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        features, total, gradient, norm = map(self._flatten_features, (x, dx, dy, self.output))
        part, divisor = self.buffer("part", norm.shape, like=dx), self.buffer("largest", norm.shape, like=dx)
        zero = np.equal(norm, 0, out=self._get_mask(norm.shape, dx))
        np.copyto(divisor, norm)
        np.copyto(divisor, 1, where=zero)
        total[...] = 0
        with np.errstate(all="ignore"):
            for _, _, positions in self.windows.iterate_taps(features.shape[1:], norm.shape[1:]):
                np.divide(features[index_last_axes(*positions)], divisor, out=part)
                np.power(part, self.power - 1, out=part)
                np.multiply(part, gradient, out=part)
                np.copyto(part, 0, where=zero)
                target = total[index_last_axes(*positions)]
                np.add(target, part, out=target)
        return dx

    def _check_input(self, x: Array) -> Array:
        """x as floating-point numbers. ShapeError for other axes or fewer than width features."""
        width = self.windows.kernel[0]
        one, axis = ("(N, n)", "(N, n, a) or (N, n, a, b)") if self.axis else ("(n,)", "(n, a) or (n, a, b)")
        expected = f"an input of shape {one}, {axis} with n at least {width}"
        self.require(x, *(self.axis + axes for axes in (1, 2, 3)), expected=expected)
        if x.shape[self.axis] < width:
            raise self.shape_error(expected, x)
        return self.to_floating(x)

    def _flatten_features(self, x: Array) -> Array:
        """x as (N, features, inner)."""
        batch: Shape = (len(x),) if self.axis else (1,)
        return x.reshape(*batch, x.shape[self.axis], -1)

    def _get_mask(self, shape: Shape, like: Array) -> Array:
        """Memory for one boolean per element."""
        return self.buffer("mask", shape, like=like, dtype=np.bool_)
