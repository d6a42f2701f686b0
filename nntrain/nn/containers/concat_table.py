"""y = [m[0](x), m[1](x), ...]."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.nn.array import Value
from nntrain.nn.fan import Fan

__all__ = ["ConcatTable"]


class ConcatTable(Fan):
    """y = [m[0](x), m[1](x), ...];  dx = Σ dx of the modules.

    Shapes:
        x an array or a (nested) table → y a table with a slot for each module
    Source: torch/nn, ConcatTable.lua.
    """

    def parts(self, dy: Sequence[Value]) -> Sequence[Value]:
        return dy

    def update_output(self, x: Value) -> list[Value]:
        self.output = self.outputs(x)
        return self.output
