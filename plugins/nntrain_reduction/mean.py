"""y = the mean of x along an axis."""

from nntrain_reduction.sum import Sum


class Mean(Sum):
    """y = Σ x / n along dim;  dx = dy / n at every position.

    Shapes:
        x → y without axis dim; a vector gives (1,)
        n_input_dims is the number of axes of one sample: if x has one more axis, a nonnegative dim moves by one.
    Errors: ShapeError if x has no axis dim.
    Source: torch/nn, Mean.lua.
    """

    def __init__(self, dim: int = 0, n_input_dims: int | None = None) -> None:
        super().__init__(dim, n_input_dims, size_average=True)
