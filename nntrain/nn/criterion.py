"""The base class of losses, with the methods of Torch7's ``nn.Criterion``."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nntrain.compute.array import EMPTY, Array, Value
from nntrain.errors import ShapeError
from nntrain.nn.backward_checks import CLEARED, check_input
from nntrain.nn.component import Component
from nntrain.nn.output_form import OutputForm


class Criterion(Component):
    """L(x, t): a loss and its gradient dx = ∂L/∂x, from an input x and a target t.

    Source: torch/nn, Criterion.lua and doc/criterion.md.
    """

    # The form of x, from which predictions are computed: logits, log-probabilities, probabilities, or values in the
    # units of the targets, which give no class. Subclasses inherit it.
    output_form: ClassVar[OutputForm] = "values"

    # Whether t has one element per element of x, so that two classes need only one output.
    is_pointwise: ClassVar[bool] = False

    # Whether x is compared with t itself, so that predictions are in the units of the targets.
    keeps_targets: ClassVar[bool] = True

    # Whether rows can be weighted: the loss is a sum over rows and uses ``row_weights``.
    has_row_weights: ClassVar[bool] = False

    # The part of each target that is spread over all classes in training; 0 for the scores of a trained network.
    label_smoothing: float = 0.0

    # Sample weights (N,) of the batch; None: all 1.
    row_weights: Array | None = None

    def forward(self, x: Value, t: Value = None) -> float:
        """Return the loss, a number."""
        loss: float = self.update_output(x, t)
        self._fed = x
        return loss

    def backward(self, x: Value, t: Value = None) -> Value:
        """Return dx, with the structure and shape of x. ModuleError unless x is the input of the last forward."""
        if self._fed is not x:
            check_input(self, x)
        return self.update_grad_input(x, t)

    def update_output(self, x: Value, t: Value) -> Any:
        """Compute the loss into ``output`` and return it. Implemented by each class."""
        return self.output

    def update_grad_input(self, x: Value, t: Value) -> Value:
        """Compute dx into ``grad_input`` and return it. Implemented by each class."""
        return self.grad_input

    def set_row_weights(self, weights: Array | None) -> None:
        """Weight the rows of the following batches: row i counts as ``weights[i]`` copies of it.

        L = Σ w_i l_i / Σ w_i, or Σ w_i l_i unless size_average, and 0 if all w_i are 0. ArgumentError if the loss
        is not a sum over rows.
        """
        if weights is not None and not self.has_row_weights:
            raise self.argument_error("does not support sample weights: its loss is not known to be a sum over rows")
        self.row_weights = weights

    def count_rows(self, rows: int) -> float:
        """Return Σ w_i if rows are weighted, else ``rows``."""
        return rows if self.row_weights is None else float(self.row_weights.sum(dtype=np.float64))

    def get_row_factors(self, x: Array) -> Array:
        """Return the row weights in a shape that broadcasts against x (N, ...). ShapeError for another N."""
        assert self.row_weights is not None
        if x.shape[:1] != self.row_weights.shape:
            raise self.shape_error(f"{len(self.row_weights)} rows, the number of sample weights", x)
        return self.row_weights.reshape(-1, *[1] * (x.ndim - 1))

    def to_output_form(self, x: Value) -> Value:
        """Convert x to ``output_form``; x itself unless the loss transforms x first."""
        return x

    def sum_weights(self, t: Value) -> float:
        """Return the weight of a batch with targets t in the mean loss over batches: the number of rows."""
        return float(self.count_rows(len(t)))

    def __call__(self, x: Value, t: Value = None) -> tuple[float, Value]:
        """Return the loss and its gradient."""
        return self.forward(x, t), self.backward(x, t)

    def clear_state(self) -> Criterion:
        """Free the gradient and all buffers."""
        self._buffers.clear()
        self.grad_input = EMPTY
        self._fed = CLEARED
        return self


def to_signs(criterion: Criterion, t: Array | float, count: int) -> Array:
    """Return t as an array of ``count`` targets. ShapeError unless all are 1 or -1."""
    targets = np.asarray(t)
    if targets.size != count:
        raise criterion.shape_error(f"{count} targets of 1 or -1", t)
    wrong = np.abs(targets) != 1
    if wrong.any():
        raise criterion.add_location(ShapeError(f"expected targets of 1 or -1, got {targets[wrong][0]}"))
    return targets
