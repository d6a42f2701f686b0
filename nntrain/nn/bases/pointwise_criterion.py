"""The base of elementwise losses."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.criterion import Criterion


class PointwiseCriterion(Criterion):
    """L = Σ l(x, t) / n;  dx = l'(x, t) / n;  n = the number of elements of x, or 1 unless size_average.

    A subclass implements l as ``value`` and ∂l/∂x as ``derivative``. x and t have equal numbers of elements, paired
    in row-major order; ShapeError otherwise.
    """

    mutable_arguments: ClassVar[tuple[str, ...]] = ("size_average",)
    has_row_weights = True
    is_pointwise = True

    def __init__(self, size_average: bool = True) -> None:
        self.size_average = size_average

    @abstractmethod
    def value(self, x: Array, t: Array, out: Array) -> None:
        """out ← l(x, t)."""

    @abstractmethod
    def derivative(self, x: Array, t: Array, out: Array) -> None:
        """out ← ∂l/∂x."""

    def update_output(self, x: Array, t: Array) -> float:
        terms = self.buffer("terms", x.shape, like=x)
        self.value(x, self.align_target(x, t), terms)
        self.apply_row_weights(terms)
        self.output = float(terms.sum()) / self.get_divisor(x)
        return self.output

    def update_grad_input(self, x: Array, t: Array) -> Array:
        dx = self.grad_input_of(x)
        self.derivative(x, self.align_target(x, t), dx)
        self.apply_row_weights(dx)
        np.multiply(dx, 1 / self.get_divisor(x), out=dx)
        return dx

    def align_target(self, x: Array, t: Array) -> Array:
        """Return t in the shape of x."""
        t = np.asarray(t)
        if t.size != x.size:
            raise self.shape_error(f"a target of {x.size} elements for an input of shape {x.shape}", t)
        return t.reshape(x.shape)

    def apply_row_weights(self, out: Array) -> None:
        """out ← r out, r the row weights."""
        if self.row_weights is not None:
            np.multiply(out, self.get_row_factors(out), out=out)

    def get_divisor(self, x: Array) -> float:
        """Return n, with each row counted by its weight."""
        if not self.size_average:
            return 1
        return (x.size if self.row_weights is None else x[:1].size * self.count_rows(len(x))) or 1
