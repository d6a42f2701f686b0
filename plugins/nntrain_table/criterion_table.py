"""y = the loss of x[0] for the target x[1]."""

from collections.abc import Sequence
from typing import Self

from nntrain.compute.array import is_table
from nntrain.nn import Criterion, Module, Value


class CriterionTable(Module):
    """y = L(x[0], x[1]);  dx = [∂L/∂x[0]] for any dy.

    Shapes:
        x [input, target], or [input] for a loss without a target → y a number
    Errors: ShapeError if x is not a list of one or two elements; ArgumentError if criterion is not a Criterion.
    Source: torch/nn, CriterionTable.lua.
    """

    mutable_arguments = ("criterion",)

    def __init__(self, criterion: Criterion) -> None:
        if not isinstance(criterion, Criterion):
            raise self.argument_error(f"expected a criterion, got {criterion!r}")
        self.criterion = criterion

    def update_output(self, x: Sequence[Value]) -> float:
        if not is_table(x) or len(x) not in (1, 2):
            raise self.shape_error("a list [input, target]", x)
        self.output = self.criterion.forward(*x)
        return float(self.output)

    def update_grad_input(self, x: Sequence[Value], dy: Value) -> list[Value]:
        self.grad_input = dx = [self.criterion.backward(*x)]
        return dx

    def clear_state(self) -> Self:
        self.criterion.clear_state()
        return super().clear_state()
