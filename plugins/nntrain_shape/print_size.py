"""y = x, printing its shape."""

from nntrain.compute.array import Value
from nntrain.formatting import escape_line
from nntrain.nn.table import format_shapes
from nntrain_shape.identity import Identity


class PrintSize(Identity):
    """y = x;  dx = dy: the same objects, whose shapes are printed after the prefix.

    Shapes:
        any array or (nested) list of arrays
    Source: torch/nn, PrintSize.lua.
    """

    def __init__(self, prefix: str = "PrintSize") -> None:
        self.prefix = prefix

    def update_output(self, x: Value) -> Value:
        print(f"{escape_line(self.prefix)}: input {format_shapes(x)}")  # noqa: T201 - the purpose of the layer
        return super().update_output(x)

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        print(f"{escape_line(self.prefix)}: grad_output {format_shapes(dy)}")  # noqa: T201
        return super().update_grad_input(x, dy)
