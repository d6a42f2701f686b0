"""y = x[offset : offset + length]."""

from collections.abc import Sequence

from nntrain.compute.array import is_table
from nntrain.nn import Module, Value
from nntrain_table.table_gradients import get_zero_gradient


class NarrowTable(Module):
    """y = x[offset : offset + length];  dx = dy for these elements, 0 for all others.

    Shapes:
        x a (nested) list → y its elements, not copied; fewer than length if x ends before.
        A negative offset counts from the end. The gradient of a number is None.
    Errors: ShapeError if x is not a list; ArgumentError for a negative length.
    Source: torch/nn, NarrowTable.lua.
    """

    passes_memory = True
    takes_table = True

    def __init__(self, offset: int, length: int = 1) -> None:
        if length < 0:
            raise self.argument_error(f"expected a length of at least 0, got {length}")
        self.offset = offset
        self.length = length

    def update_output(self, x: Sequence[Value]) -> list[Value]:
        self.output = y = list(x[self._get_slice(x)])
        return y

    def update_grad_input(self, x: Sequence[Value], dy: Sequence[Value]) -> list[Value]:
        part = self._get_slice(x)
        if len(dy) < len(x[part]):
            raise self.shape_error(f"{len(x[part])} gradients, one for each element", dy)
        inside = range(len(x))[part]
        self.grad_input = dx = [
            dy[i - inside.start] if i in inside else get_zero_gradient(self, f"grad_input[{i}]", item)
            for i, item in enumerate(x)
        ]
        return dx

    def _get_slice(self, x: Value) -> slice:
        """The slice of x."""
        if not is_table(x):
            raise self.shape_error("a list", x)
        start = self.offset if self.offset >= 0 else max(self.offset + len(x), 0)
        return slice(start, start + self.length)
