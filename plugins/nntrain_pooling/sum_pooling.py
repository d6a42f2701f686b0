"""The base of layers over the sums of windows."""

from nntrain.compute.array import Array
from nntrain.compute.windows import spread_sums, sum_windows
from nntrain_pooling.pooling import Pooling


class SumPooling(Pooling):
    """s = the sum of each window of a kernel, with zero padding. Abstract: a subclass computes y from s."""

    def sum_windows(self, x: Array, out: Array) -> None:
        """out ← s, axis by axis."""
        axes = len(self.windows.kernel)
        for axis in range(axes):
            shape = (*out.shape[: out.ndim - axes + axis + 1], *x.shape[x.ndim - axes + axis + 1 :])
            s = out if axis == axes - 1 else self.buffer(f"sums {axis}", shape, like=out)
            x = sum_windows(x, self.windows.select_axis(axis), s)

    def scatter_sums(self, ds: Array, out: Array) -> None:
        """out ← dx for ds: the adjoint of ``sum_windows``."""
        axes = len(self.windows.kernel)
        for axis in reversed(range(axes)):
            shape = (*ds.shape[: ds.ndim - axes + axis], *out.shape[out.ndim - axes + axis :])
            part = self.buffer(f"spread {axis}", shape, like=out) if axis else out
            ds = spread_sums(ds, self.windows.select_axis(axis), part)
