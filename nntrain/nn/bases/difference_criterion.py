"""The base of losses of the difference between two arrays."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.bases.pair_criterion import PairCriterion


class DifferenceCriterion(PairCriterion):
    """L = f(d, t), d = a − b, x = [a, b];  dx = [f', −f'].

    A subclass implements f as ``value`` and ∂f/∂d as ``derivative``; both may overwrite d.
    """

    @abstractmethod
    def value(self, d: Array, t: Value) -> float:
        """Return f(d, t)."""

    @abstractmethod
    def derivative(self, d: Array, t: Value) -> None:
        """d ← ∂f/∂d."""

    def update_output(self, x: Sequence[Array], t: Value) -> float:
        a, b = self.to_pair(x)
        d = self.buffer("d", a.shape, like=a)
        np.subtract(a, b, out=d)
        self.output = self.value(d, t)
        return self.output

    def update_grad_input(self, x: Sequence[Array], t: Value) -> list[Array]:
        a, b = self.to_pair(x)
        da, db = self.grad_inputs_of(x)
        np.subtract(a, b, out=da)
        self.derivative(da, t)
        np.negative(da, out=db)
        return self.grad_input
