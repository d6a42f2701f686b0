"""y = max(x[0], x[1], ...)."""

import numpy as np

from nntrain_table.extremum_table import ExtremumTable


class CMaxTable(ExtremumTable):
    """y = max(x[0], x[1], ...);  dx[i] = dy where x[i] is the first largest, 0 elsewhere.

    Shapes:
        x arrays with equal numbers of elements, paired in row-major order → y in the shape of x[0]
    A NaN in x[0] stays; one in a later array never wins.
    Errors: ShapeError if x is not a list of such arrays.
    Source: torch/nn, CMaxTable.lua.
    """

    compare = np.greater
