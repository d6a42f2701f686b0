"""y = some columns of x."""

from collections.abc import Sequence

import numpy as np

from nntrain.nn import Array, Module


class SelectColumns(Module):
    """y = x[:, columns];  dx[:, c] = Σ dy[:, j] over the j with columns[j] = c, 0 for the other columns.

    Shapes:
        x (N, size) → y (N, len(columns)); columns are 0-based and may repeat
    Errors: ArgumentError without columns, or for a negative one; ShapeError if x does not have the columns.
    Source: numpy.take along axis 1, with its derivative.
    """

    def __init__(self, columns: Sequence[int]) -> None:
        if not columns or min(columns) < 0:
            raise self.argument_error(f"expected columns of at least 0, got {list(columns)}")
        self.columns = np.array(columns)
        self.is_unique = len(set(columns)) == len(columns)
        # Consecutive columns are a slice, which is copied faster.
        consecutive = range(columns[0], columns[0] + len(columns))
        self.index = slice(consecutive.start, consecutive.stop) if list(columns) == list(consecutive) else None

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        size = int(self.columns.max()) + 1
        if x.ndim != 2 or x.shape[1] < size:
            raise self.shape_error(f"an input of shape (N, n), n at least {size}", x)
        y = self.output_of((len(x), len(self.columns)), like=x)
        if self.index is not None:
            np.copyto(y, x[:, self.index])
        else:
            # The columns exist; with the mode "raise" NumPy would copy y.
            np.take(x, self.columns, axis=1, out=y, mode="clip")
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.zero_grad_input_of(x)
        if self.index is not None:
            dx[:, self.index] = dy
        elif self.is_unique:
            dx[:, self.columns] = dy
        else:
            for j, column in enumerate(self.columns):
                np.add(dx[:, column], dy[:, j], out=dx[:, column])
        return dx

    def label(self) -> str:
        return f"{type(self).__name__}({len(self.columns)} column{'s' * (len(self.columns) > 1)})"
