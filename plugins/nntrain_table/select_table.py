"""y = x[index]."""

from typing import Any

from nntrain.compute.array import is_table
from nntrain.errors import ShapeError
from nntrain.nn import Module, Value
from nntrain.nn.table import format_shapes
from nntrain_table.table_gradients import copy_gradient, get_zero_gradient


class SelectTable(Module):
    """y = x[index];  dx[index] = dy, 0 for all other elements.

    Shapes:
        x a list, or a dict if index is a string → y the element, not copied: an array or a list.
        A negative index counts from the end. The gradient of a number is None.
    Errors: ShapeError if x has no such element.
    Source: torch/nn, SelectTable.lua.
    """

    passes_memory = True
    takes_table = True

    def __init__(self, index: int | str) -> None:
        self.index = index

    def update_output(self, x: Any) -> Value:
        named = isinstance(x, dict)
        if not named and not is_table(x):
            raise self.shape_error("a list", x)
        try:
            self.output = x[self.index]
        except (LookupError, TypeError):
            got = list(x) if named else format_shapes(x)
            raise self.add_location(ShapeError(f"index {self.index!r} does not exist in the input {got}")) from None
        return self.output

    def update_grad_input(self, x: Any, dy: Value) -> Any:
        self.grad_input = get_zero_gradient(self, "grad_input", x)
        copy_gradient(self.grad_input[self.index], dy)
        return self.grad_input

    def label(self) -> str:
        return f"SelectTable({self.index})"
