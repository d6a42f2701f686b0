"""y = the smallest x along an axis."""

from __future__ import annotations

import numpy as np

from nntrain_reduction.extremum import Extremum

__all__ = ["Min"]


class Min(Extremum):
    """y = the smallest x along dim;  dx = dy at the first such place, 0 elsewhere.

    Shapes:
        x → y without axis dim; a vector gives (1,)
        With n_input_dims, the number of axes of one sample, a dim from the front moves by one if x has one axis more.
    Errors: ShapeError if x has no axis dim.
    Source: torch/nn, Min.lua.
    """

    better = np.minimum
