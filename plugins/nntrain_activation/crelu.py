"""y = [max(x, 0), max(−x, 0)]."""

import numpy as np

from nntrain.compute.array import Array, shift_axis
from nntrain.nn.module import Module
from nntrain_activation.halves import split_in_half


class CReLU(Module):
    """y = [max(x, 0), max(−x, 0)];  dx = dy[0] where x > 0, −dy[1] where x < 0, 0 at 0.

    Shapes:
        n_input_dims: the number of axes of one sample; with one more axis, the first is the batch
        x (C, ...) or (N, C, ...) → y (2C, ...) or (N, 2C, ...)
    inplace is accepted for compatibility with Torch7 and has no effect: x is never overwritten.
    Source: torch/nn, CReLU.lua; Shang et al., "Understanding and Improving Convolutional Neural Networks via
    Concatenated Rectified Linear Units", 2016. In Torch7 it is a Sequential of seven modules.
    """

    def __init__(self, n_input_dims: int, inplace: bool = False) -> None:
        self.n_input_dims = n_input_dims

    def update_output(self, x: Array) -> Array:
        axis = self._get_axis(x)
        y = self.output_of((*x.shape[:axis], 2 * x.shape[axis], *x.shape[axis + 1 :]), like=x)
        positive, negative = split_in_half(y, axis)
        np.clip(x, 0, np.inf, out=positive)
        np.clip(x, -np.inf, 0, out=negative)
        np.negative(negative, out=negative)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        negative = self.buffer("negative", x.shape, like=x)
        dy_positive, dy_negative = split_in_half(dy, self._get_axis(x))
        np.greater(x, 0, out=dx)
        np.multiply(dx, dy_positive, out=dx)
        np.less(x, 0, out=negative)
        np.multiply(negative, dy_negative, out=negative)
        np.subtract(dx, negative, out=dx)
        return dx

    def _get_axis(self, x: Array) -> int:
        """The axis that doubles."""
        return shift_axis(0, x.ndim, self.n_input_dims)

    def label(self) -> str:
        return "CReLU()"
