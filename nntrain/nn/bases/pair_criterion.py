"""The base of losses of two arrays."""

from nntrain.compute.array import Array, Value, is_array, is_table
from nntrain.nn.criterion import Criterion


class PairCriterion(Criterion):
    """L(x, t), x = [a, b], two arrays of one shape;  dx = [da, db]. ShapeError for another x."""

    size_average: bool = False

    def to_pair(self, x: Value) -> tuple[Array, Array]:
        """Return a and b."""
        if not is_table(x) or len(x) != 2 or not all(map(is_array, x)) or x[0].shape != x[1].shape:
            raise self.shape_error("two arrays of one shape", x)
        return x[0], x[1]

    def get_divisor(self, count: int) -> int:
        """Return the number of rows N, or 1 unless size_average."""
        return max(count, 1) if self.size_average else 1
