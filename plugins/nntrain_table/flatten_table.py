"""y = the arrays of a nested table, in one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nntrain.compute.array import Value
from nntrain.nn.module import Module
from nntrain.nn.table import is_table

__all__ = ["FlattenTable"]


class FlattenTable(Module):
    """y = the arrays of x, from left to right, whatever tables they lie in;  dx = dy in the structure of x.

    Shapes:
        x a nested table → y a table without tables in it, x's own arrays
    Errors: ShapeError if x is not a table, or there are not as many gradients as arrays.
    Source: torch/nn, FlattenTable.lua.
    """

    passes_memory = True

    takes_table = True

    def update_output(self, x: Sequence[Value]) -> list[Value]:
        if not is_table(x):
            raise self.shape_error("a table", x)
        self.output = y = list(iterate_leaves(x))
        return y

    def update_grad_input(self, x: Sequence[Value], dy: Sequence[Value]) -> list[Value]:
        count = sum(1 for _ in iterate_leaves(x))
        if len(dy) != count:
            raise self.shape_error(f"{count} gradients, one for each array", dy)
        dx: list[Value] = unflatten(x, iter(dy))
        self.grad_input = dx
        return dx


def iterate_leaves(x: Value) -> Iterator[Value]:
    """What is no table, depth first."""
    if is_table(x):
        for slot in x:
            yield from iterate_leaves(slot)
    else:
        yield x


def unflatten(x: Value, flat: Iterator[Value]) -> Value:
    """The next values of ``flat`` in the structure of x."""
    return [unflatten(slot, flat) for slot in x] if is_table(x) else next(flat)
