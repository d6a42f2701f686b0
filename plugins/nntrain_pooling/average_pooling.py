"""The base of average pooling."""

from functools import reduce

import numpy as np

from nntrain.compute.array import Array
from nntrain_pooling.sum_pooling import SumPooling


class AveragePooling(SumPooling):
    """y = s / n, the sum of each window divided by its number of elements;  dx is dy / n, added to the window."""

    # Whether n includes padding.
    count_include_pad: bool = True

    def update_output(self, x: Array) -> Array:
        x = self.check_input(x)
        counts = self.count_windows(x)
        y = self.output_of((*x.shape[: -len(counts)], *counts), like=x)
        self.sum_windows(x, out=y)
        np.divide(y, self.count_elements(x), out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        ds = self.buffer("ds", dy.shape, like=dx)
        np.divide(dy, self.count_elements(x), out=ds)
        self.scatter_sums(ds, out=dx)
        return dx

    def count_elements(self, x: Array) -> Array:
        """n of each window, without the elements that ceil mode adds beyond the padding."""
        beyond = tuple(pad * self.count_include_pad for pad in self.windows.padding)
        elements = [stop - first for first, stop in self.find_first_taps(x, beyond)]
        n = self.buffer("elements", self.count_windows(x), like=x)
        n[...] = reduce(np.multiply.outer, elements)
        return n
