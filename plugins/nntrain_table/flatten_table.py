"""y = the arrays of a nested list, in one list."""

from collections.abc import Iterator, Sequence

from nntrain.compute.array import is_table
from nntrain.nn import Module, Value
from nntrain.nn.table import iterate_arrays


class FlattenTable(Module):
    """y = the arrays of the nested list x, from left to right;  dx = dy in the structure of x.

    Shapes:
        x a nested list → y a flat list of the same arrays
    Errors: ShapeError if x is not a list, or the numbers of gradients and arrays differ.
    Source: torch/nn, FlattenTable.lua.
    """

    passes_memory = True
    takes_table = True

    def update_output(self, x: Sequence[Value]) -> list[Value]:
        if not is_table(x):
            raise self.shape_error("a list of arrays", x)
        self.output = y = list(iterate_arrays(x))
        return y

    def update_grad_input(self, x: Sequence[Value], dy: Sequence[Value]) -> list[Value]:
        count = sum(1 for _ in iterate_arrays(x))
        if len(dy) != count:
            raise self.shape_error(f"{count} gradients, one for each array", dy)
        dx: list[Value] = unflatten(x, iter(dy))
        self.grad_input = dx
        return dx


def unflatten(x: Value, flat: Iterator[Value]) -> Value:
    """Arrange the next values of ``flat`` in the structure of x."""
    return [unflatten(item, flat) for item in x] if is_table(x) else next(flat)
