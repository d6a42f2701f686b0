"""y = x[index]."""

from __future__ import annotations

from typing import Any

from nntrain.compute.array import Value
from nntrain.errors import ShapeError
from nntrain.nn.module import Module
from nntrain.nn.table import format_shapes, is_table
from nntrain_table.table_gradients import copy_gradient, get_zero_gradient

__all__ = ["SelectTable"]


class SelectTable(Module):
    """y = x[index];  dx[index] = dy, 0 in all other slots.

    Shapes:
        x a table, or a dict if index is a name → y what lies in the slot, itself: an array or a table.
        A negative index counts from the end. A slot that holds a number has no gradient: None.
    Errors: ShapeError if x has no such slot.
    Source: torch/nn, SelectTable.lua.
    """

    passes_memory = True

    takes_table = True

    def __init__(self, index: int | str) -> None:
        self.index = index

    def update_output(self, x: Any) -> Value:
        named = isinstance(x, dict)
        if not named and not is_table(x):
            raise self.shape_error("a table", x)
        try:
            self.output = x[self.index]
        except (LookupError, TypeError):
            got = list(x) if named else format_shapes(x)
            raise self.add_location(
                ShapeError(f"index {self.index!r} does not exist in the input table {got}")
            ) from None
        return self.output

    def update_grad_input(self, x: Any, dy: Value) -> Any:
        self.grad_input = get_zero_gradient(self, "grad_input", x)
        copy_gradient(self.grad_input[self.index], dy)
        return self.grad_input

    def label(self) -> str:
        return f"SelectTable({self.index})"
