"""y = a · b, row by row."""

import numpy as np

from nntrain.compute.array import Array
from nntrain_table.pairwise_module import PairwiseModule


class DotProduct(PairwiseModule):
    """y = Σ_j a_j b_j, x = [a, b];  dx = [dy b, dy a].

    Shapes:
        x [(d,), (d,)] → y (1,);  x [(N, d), (N, d)] → y (N,)
    Errors: ShapeError for other shapes.
    Source: torch/nn, DotProduct.lua.
    """

    def value(self, a: Array, b: Array, out: Array) -> None:
        np.vecdot(a, b, out=out)

    def gradients(self, a: Array, b: Array, dy: Array, da: Array, db: Array) -> None:
        np.multiply(dy[:, None], b, out=da)
        np.multiply(dy[:, None], a, out=db)
