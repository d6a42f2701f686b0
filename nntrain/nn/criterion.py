"""The protocol of Torch7's ``nn.Criterion``, as the base of every loss."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nntrain.compute.array import EMPTY, Array, Value
from nntrain.errors import ShapeError
from nntrain.nn.backward_checks import CLEARED, check_input
from nntrain.nn.component import Component
from nntrain.nn.output_form import OutputForm

__all__ = ["Criterion", "to_signs"]


class Criterion(Component):
    """L(x, t): a loss and its gradient dx = ∂L/∂x, from an input x and a target t.

    Source: torch/nn, Criterion.lua and doc/criterion.md.
    """

    # What x is, so that predictions can be read from it: scores whose softmax or sigmoid are probabilities, the
    # logarithms of probabilities, probabilities, or values in the units of the targets, from which no class can be
    # read. Subclasses inherit it.
    output_form: ClassVar[OutputForm] = "values"

    # Whether t has an element for each of x, so that one output is enough for two classes.
    is_pointwise: ClassVar[bool] = False

    # Whether x is compared with t itself, so that a prediction is in the units of the targets.
    keeps_targets: ClassVar[bool] = True

    # Whether rows may be weighed: what a class says whose loss is a sum over rows and which reads ``row_weights``.
    has_row_weights: ClassVar[bool] = False

    # How often each row of the batch counts, (N,); None: once.
    row_weights: Array | None = None

    def forward(self, x: Value, t: Value = None) -> float:
        """The loss, a number."""
        loss: float = self.update_output(x, t)
        self._fed = x
        return loss

    def backward(self, x: Value, t: Value = None) -> Value:
        """dx, in the structure and shape of x. ModuleError unless x and t are those of the last forward."""
        if self._fed is not x:
            check_input(self, x)
        return self.update_grad_input(x, t)

    def update_output(self, x: Value, t: Value) -> Any:
        """Compute and keep the loss. What a class implements."""
        return self.output

    def update_grad_input(self, x: Value, t: Value) -> Value:
        """Compute and keep dx. What a class implements."""
        return self.grad_input

    def set_row_weights(self, weights: Array | None) -> None:
        """Let loss and gradient of the batches that follow be as if row i stood in them ``weights[i]`` times.

        So L = Σ w_i l_i / Σ w_i, or Σ w_i l_i unless size_average, and 0 if all w_i are 0. ArgumentError if the loss
        is no sum over rows.
        """
        if weights is not None and not self.has_row_weights:
            raise self.argument_error("cannot weigh rows: its loss is not known to be a sum over them")
        self.row_weights = weights

    def count_rows(self, rows: int) -> float:
        """How many rows ``rows`` rows count for: Σ w_i where they are weighed."""
        return rows if self.row_weights is None else float(self.row_weights.sum(dtype=np.float64))

    def get_row_factors(self, x: Array) -> Array:
        """The weights of the rows in the shape that multiplies x (N, ...). ShapeError if they are more or fewer."""
        assert self.row_weights is not None
        if x.shape[:1] != self.row_weights.shape:
            raise self.shape_error(f"{len(self.row_weights)} rows, as there are weights", x)
        return self.row_weights.reshape(-1, *[1] * (x.ndim - 1))

    def to_output_form(self, x: Value) -> Value:
        """What ``output_form`` describes: x itself, unless the loss transforms x before it compares."""
        return x

    def sum_weights(self, t: Value) -> float:
        """How much the loss of a batch with targets t counts in the mean over several batches: the number of rows."""
        return float(self.count_rows(len(t)))

    def __call__(self, x: Value, t: Value = None) -> tuple[float, Value]:
        """The loss and its gradient."""
        return self.forward(x, t), self.backward(x, t)

    def clear_state(self) -> Criterion:
        """Forget the gradient and scratch memory."""
        self._buffers.clear()
        self.grad_input = EMPTY
        self._fed = CLEARED
        return self


def to_signs(criterion: Criterion, t: Array | float, count: int) -> Array:
    """t as an array of ``count`` targets, all of them 1 or -1. ShapeError otherwise."""
    targets = np.asarray(t)
    if targets.size != count:
        raise criterion.shape_error(f"{count} targets of 1 or -1", t)
    wrong = np.abs(targets) != 1
    if wrong.any():
        raise criterion.add_location(ShapeError(f"expected targets of 1 or -1, got {targets[wrong][0]}"))
    return targets
