"""y = [m[0](x[0]), m[1](x[1]), ...]."""

from collections.abc import Sequence

from nntrain.compute.array import Value, is_table
from nntrain.errors import ModuleError
from nntrain.nn.container import Container
from nntrain.nn.table import format_shapes


class ParallelTable(Container):
    """y[k] = m[k](x[k]);  the same for dx[k].

    Shapes:
        x a list with at least one element per module → y a list with one element per module
    Source: torch/nn, ParallelTable.lua. Further elements are ignored and have no gradient.
    """

    takes_table = True

    @classmethod
    def get_child_input(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        if not is_table(x) or index >= len(x):
            shapes = format_shapes(x)
            raise ModuleError(f"ParallelTable: expected a list with an input for module {index}, got {shapes}")
        return x[index]

    def update_output(self, x: Sequence[Value]) -> list[Value]:
        if not is_table(x) or len(x) < len(self.modules):
            raise self.shape_error(f"a list of {len(self.modules)} inputs", x)
        self.output = y = self.map_modules(lambda module, index: module.forward(x[index]))
        return y

    def update_grad_input(self, x: Sequence[Value], dy: Sequence[Value]) -> list[Value]:
        self.grad_input = dx = self.map_modules(lambda module, index: module.update_grad_input(x[index], dy[index]))
        return dx

    def acc_grad_parameters(self, x: Sequence[Value], dy: Sequence[Value], scale: float = 1) -> None:
        self.map_modules(lambda module, index: module.acc_grad_parameters(x[index], dy[index], scale))
