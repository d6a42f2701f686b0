"""The base of the linear layers of an ensemble."""

from nntrain.nn import Array
from nntrain.nn.bases.slicewise_module import SlicewiseModule


class MemberLinear(SlicewiseModule):
    """A linear layer of ``members`` networks: x (members, N, input_size) → y (members, N, output_size)."""

    inferred = {"input_size": -1, "members": 0}
    sized_by_target = "output_size"

    input_size: int
    output_size: int
    members: int

    def require_members(self, x: Array) -> None:
        """Raise ShapeError unless x has the rows of every member."""
        if x.ndim != 3 or (len(x), x.shape[2]) != (self.members, self.input_size):
            raise self.shape_error(f"an input of shape ({self.members}, N, {self.input_size})", x)

    def label(self) -> str:
        return f"{type(self).__name__}({self.input_size} -> {self.output_size}, {self.members} members)"
