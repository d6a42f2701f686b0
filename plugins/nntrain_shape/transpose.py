"""y = x with axes swapped."""

from collections.abc import Sequence

from nntrain.nn import Array, Module


class Transpose(Module):
    """y = x with pairs of axes swapped, one pair after another;  dx = dy swapped back.

    Shapes:
        x (2, 3, 4), permutations [[0, 1], [1, 2]] → y (3, 4, 2), a copy
        n_input_dims is the number of axes of one sample: nonnegative axes move by the number of additional axes of x.
    Errors: ShapeError if x does not have all of the axes; ArgumentError if permutations are not pairs.
    Source: torch/nn, Transpose.lua. Negative axes count from the end.
    """

    def __init__(self, permutations: Sequence[Sequence[int]], n_input_dims: int | None = None) -> None:
        if any(len(pair) != 2 for pair in permutations):
            raise self.argument_error(f"expected pairs of axes, got {permutations}")
        self.permutations = permutations
        self.n_input_dims = n_input_dims

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        swapped = x.transpose(self._get_order(x))
        y = self.output_of(swapped.shape, like=x)
        y[...] = swapped
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        dx.transpose(self._get_order(x))[...] = dy
        return dx

    def _get_order(self, x: Array) -> list[int]:
        """The axes of x in the order of y."""
        order = list(range(x.ndim))
        shift = 0 if self.n_input_dims is None else x.ndim - self.n_input_dims
        for i, j in self.permutations:
            i, j = (axis + shift if axis >= 0 else axis + x.ndim for axis in (i, j))
            if not (0 <= i < x.ndim and 0 <= j < x.ndim):
                raise self.shape_error(f"an input with the axes {[list(pair) for pair in self.permutations]}", x)
            order[i], order[j] = order[j], order[i]
        return order
