"""y[i][k] = x[k][i]."""

from collections.abc import Sequence

from nntrain.compute.array import is_table
from nntrain.nn import Module, Value


class ZipTable(Module):
    """y[i][k] = x[k][i];  dx[k][i] = dy[i][k].

    Shapes:
        x a list of lists of one length → y a list of lists of the same arrays
    Errors: ShapeError if x is not such a list.
    Source: torch/nn, ZipTable.lua, which accepts tables of different lengths.
    """

    passes_memory = True
    takes_table = True

    def update_output(self, x: Sequence[Sequence[Value]]) -> list[list[Value]]:
        self.output = y = self._transpose(x)
        return y

    def update_grad_input(self, x: Sequence[Sequence[Value]], dy: Sequence[Sequence[Value]]) -> list[list[Value]]:
        self.grad_input = dx = self._transpose(dy)
        return dx

    def _transpose(self, x: Sequence[Sequence[Value]]) -> list[list[Value]]:
        """Return the rows as columns."""
        if not is_table(x) or not all(map(is_table, x)) or len(set(map(len, x))) > 1:
            raise self.shape_error("a list of lists of one length", x)
        return [list(column) for column in zip(*x, strict=True)]
