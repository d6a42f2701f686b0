"""y = M x along each of the last axes in turn."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.nn.bases.sample_module import SampleModule

# Number of matrix elements to compute at once.
BLOCK_SIZE = 1 << 18


class SeparableMap(SampleModule):
    """y = M x along each of the last axes in turn, with a matrix M (outputs, inputs) for each;  dx = Mᵀ dy.

    A subclass defines the output sizes and fills the matrices.
    """

    def check_input(self, x: Array) -> Array:
        """Return x as floats. ShapeError for an input of the wrong shape."""
        return self.require_samples(x, minimum={"h": 1, "w": 1})

    @abstractmethod
    def get_output_sizes(self, x: Array) -> Shape:
        """Return the sizes of y along the mapped axes, which are the last ones."""

    @abstractmethod
    def fill_matrix(self, out: Array) -> None:
        """out ← the matrix (outputs, inputs) of an axis."""

    def update_output(self, x: Array) -> Array:
        x = self.check_input(x)
        sizes = self.get_output_sizes(x)
        y = self.output_of((*x.shape[: -len(sizes)], *sizes), like=x)
        self._apply_matrices("forward", x, self._get_matrices(x), y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        self._apply_matrices("backward", dy, [M.T for M in self._get_matrices(dx)], dx)
        return dx

    def _get_matrices(self, x: Array) -> list[Array]:
        """Return one matrix per mapped axis, in the order of the axes."""
        sizes = self.get_output_sizes(x)
        pairs = zip(sizes, x.shape[-len(sizes) :], strict=True)
        matrices = [self.buffer(f"matrix {axis}", pair, like=x) for axis, pair in enumerate(pairs)]
        for matrix in matrices:
            self.fill_matrix(matrix)
        return matrices

    def _apply_matrices(self, name: str, x: Array, matrices: Sequence[Array], out: Array) -> None:
        """out ← x with every matrix applied, the last axis first."""
        for axis in range(-1, -len(matrices) - 1, -1):
            M = matrices[axis]
            shape = (*x.shape[:axis], M.shape[0], *x.shape[x.ndim + axis + 1 :])
            y = out if axis == -len(matrices) else self.buffer(f"{name} {axis}", shape, like=out)
            apply_along_axis(x, axis, M, y)
            x = y


def iterate_row_blocks(matrix: Array) -> Iterator[slice]:
    """Iterate over blocks of rows; the temporaries for a row take several times its memory."""
    step = max(BLOCK_SIZE // max(matrix.shape[1], 1), 1)
    return (slice(start, start + step) for start in range(0, len(matrix), step))


def apply_along_axis(x: Array, axis: int, M: Array, out: Array) -> None:
    """out ← M x along an axis, counted from the end."""
    n, m = M.shape
    after = prod(x.shape[x.ndim + axis + 1 :])
    if after == 1:
        np.matmul(x.reshape(-1, m), M.T, out=out.reshape(-1, n))
    else:
        np.matmul(M, x.reshape(-1, m, after), out=out.reshape(-1, n, after))
