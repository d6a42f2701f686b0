"""The base of layers that compare two vectors, or two batches of vectors row by row."""

from abc import abstractmethod
from collections.abc import Sequence

from nntrain.compute.array import Array, Value, is_array, is_table
from nntrain.nn.module import Module


class PairwiseModule(Module):
    """y = f(a, b), x = [a, b], one number for each pair of rows.

    Abstract: a subclass implements ``value`` and ``gradients`` for batches (N, d); a vector is a batch of one.
    """

    takes_table = True

    @abstractmethod
    def value(self, a: Array, b: Array, out: Array) -> None:
        """out (N,) ← f(a, b)."""

    @abstractmethod
    def gradients(self, a: Array, b: Array, dy: Array, da: Array, db: Array) -> None:
        """da ← dy ∂f/∂a and db ← dy ∂f/∂b, with dy (N,)."""

    def update_output(self, x: Sequence[Array]) -> Array:
        a, b = self._to_rows(x)
        y = self.output_of((len(a),), like=a)
        self.value(a, b, y)
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        a, b = self._to_rows(x)
        dx = self.grad_inputs_of(x[:2])
        self.gradients(a, b, dy.reshape(len(a)), dx[0].reshape(a.shape), dx[1].reshape(a.shape))
        return dx

    def get_row_buffer(self, name: str, like: Array) -> Array:
        """Memory for one number per row."""
        return self.buffer(name, (len(like),), like=like)

    def _to_rows(self, x: Value) -> tuple[Array, Array]:
        """a and b as batches. ShapeError if they are not two vectors or batches of one shape."""
        fits = is_table(x) and len(x) >= 2 and is_array(x[0]) and is_array(x[1]) and x[0].shape == x[1].shape
        if not fits or x[0].ndim not in (1, 2):
            raise self.shape_error("two arrays of one shape, (d,) or (N, d)", x)
        a, b = x[0], x[1]
        return (a[None], b[None]) if a.ndim == 1 else (a, b)
