"""The same rows for every member of an ensemble."""

import numpy as np

from nntrain.nn import Array, Module


class RepeatMembers(Module):
    """y_i = x for each member i;  dx = Σ dy_i.

    Shapes:
        x (N, ...) → y (members, N, ...), a copy
    Errors: ArgumentError for fewer than 1 member.
    Source: Gorishniy et al., "TabM", 2025, section 3.3.
    """

    def __init__(self, members: int) -> None:
        self.require_sizes(members)
        self.members = members

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        y = self.output_of((self.members, *x.shape), like=x)
        y[...] = x
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return np.sum(dy, axis=0, out=self.grad_input_of(x))

    def label(self) -> str:
        return f"{type(self).__name__}({self.members})"
