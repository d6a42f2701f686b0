"""y = the largest x along an axis."""

import numpy as np

from nntrain_reduction.extremum import Extremum


class Max(Extremum):
    """y = the largest x along dim;  dx = dy at its first position, 0 elsewhere.

    Shapes:
        x → y without axis dim; a vector gives (1,)
        n_input_dims is the number of axes of one sample: if x has one more axis, a nonnegative dim moves by one.
    Errors: ShapeError if x has no axis dim.
    Source: torch/nn, Max.lua.
    """

    better = np.maximum
