"""The base of layers over the windows of a kernel with a stride."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray, Shape
from nntrain.compute.windows import Windows, format_sizes
from nntrain.nn.bases.sample_module import SampleModule


class Pooling(SampleModule):
    """A layer over windows along the last axes of x. Abstract: constructor and checks for subclasses."""

    windows: Windows
    ceil_mode: bool = False

    def init_windows(
        self,
        kernel: Shape,
        stride: Sequence[int | None],
        padding: Shape = (),
        dilation: Shape = (),
        ceil_mode: bool = False,
    ) -> None:
        """Store the windows, axes in the order of the array; stride None is the kernel size.

        ArgumentError for numbers below 1 (padding: below 0), and for padding of more than half the kernel.
        """
        kernel = tuple(self.require_integer("kernel size", size) for size in kernel)
        steps = (size if step is None else step for step, size in zip(stride, kernel, strict=True))
        for pad, size in zip(padding, kernel, strict=False):
            if not 0 <= pad <= size // 2:
                raise self.argument_error(f"expected a padding of 0 to half the kernel, {size // 2}, got {pad}")
        strides = tuple(self.require_integer("stride", step) for step in steps)
        dilation = tuple(self.require_integer("dilation", step) for step in dilation)
        self.windows = Windows(kernel, strides, padding, dilation)
        self.ceil_mode = ceil_mode

    def check_input(self, x: Array) -> Array:
        """x as floating-point numbers. ShapeError for other axes, and if a window is completely outside of x."""
        x = self.require_samples(x, minimum=self.get_min_sizes())
        for first, stop in self.find_first_taps(x, (0,) * len(self.windows.kernel)):
            if not (first < stop).all():
                raise self.shape_error("an input that every window overlaps (no ceil_mode, or a smaller stride)", x)
        return x

    def get_min_sizes(self) -> dict[str, int]:
        """The smallest sizes that give one window."""
        windows = self.windows
        rows = zip(windows.span, windows.padding, windows.stride, strict=True)
        least = [span - 2 * pad - (stride - 1) * self.ceil_mode for span, pad, stride in rows]
        return dict(zip(self.sample_axes[-len(least) :], least, strict=True))

    def count_windows(self, x: Array) -> Shape:
        """The number of windows along each axis."""
        return self.windows.count_windows(x.shape[-len(self.windows.kernel) :], self.ceil_mode)

    def find_first_taps(self, x: Array, beyond: Shape) -> list[tuple[IntArray, IntArray]]:
        """The first tap of every window along each axis that is inside of x, extended by ``beyond``, and the first
        tap after these that is not. The taps are not enumerated, as a kernel may be much larger than x.
        """
        windows = self.windows
        sizes = x.shape[-len(windows.kernel) :]
        axes = zip(windows.kernel, windows.stride, windows.padding, windows.dilation, strict=True)
        found = []
        rows = zip(self.count_windows(x), sizes, beyond, axes, strict=True)
        for count, size, more, (kernel, stride, pad, dilation) in rows:
            start = np.arange(count) * stride - pad
            first = np.maximum(-((start + more) // dilation), 0)
            stop = np.minimum(-((start - size - more) // dilation), kernel)
            found.append((first, np.maximum(stop, first)))
        return found

    def label(self) -> str:
        """The class with kernel, stride and padding, in the order of the constructor."""
        windows = self.windows
        shown = [format_sizes(windows.kernel, "x"), format_sizes(windows.stride)]
        if any(windows.padding):
            shown.append(format_sizes(windows.padding))
        return f"{type(self).__name__}({', '.join(shown)})"
