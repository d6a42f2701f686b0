"""y = [m[0](x), m[1](x), ...]."""

from collections.abc import Sequence

from nntrain.compute.array import Value
from nntrain.nn.bases.branch_container import BranchContainer


class ConcatTable(BranchContainer):
    """y = [m[0](x), m[1](x), ...];  dx = Σ dx of the modules.

    Shapes:
        x an array or a (nested) list of arrays → y a list with one element per module
    Source: torch/nn, ConcatTable.lua.
    """

    def split_gradient(self, dy: Sequence[Value]) -> Sequence[Value]:
        return dy

    def update_output(self, x: Value) -> list[Value]:
        self.output = self.compute_outputs(x)
        return self.output
