"""The base of max pooling over windows with random starts."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, IntArray, Shape
from nntrain.errors import ShapeError
from nntrain.nn.bases.noise import Noise
from nntrain_pooling.gather_max_pooling import GatherMaxPooling


class FractionalMaxPooling(GatherMaxPooling, Noise):
    """y = the largest element of each window of x;  along an axis of n elements, m windows of k elements.

    Window i < m − 1 starts at ⌊(i + u) a⌋ − ⌊u a⌋, a = (n − k) / (m − 1), the last one at n − k. u is a sample of
    U(0, 1) for each channel and axis, new in every forward unless the samples are given or fixed.
    ``random_samples`` (N, C, axes) are the current ones, the last axis of x first.
    """

    buffer_names = ("region_seed",)

    kernel: Shape
    size: Shape | None
    ratio: tuple[float, ...] | None

    def init_regions(
        self,
        kernel: Shape,
        size: Sequence[int | None],
        ratio: Sequence[float | None],
        samples: Sequence[Sequence[Sequence[float]]] | Array | None,
        fixed: bool,
    ) -> None:
        """Store the parameters of the windows, axes in the order of the array.

        ArgumentError unless either all sizes or all ratios are given, kernels are at least 2, ratios inside (0, 1).
        """
        self.kernel = tuple(self.require_integer("kernel size", k, 2) for k in kernel)
        sizes = tuple(m for m in size if m is not None)
        ratios = tuple(r for r in ratio if r is not None)
        if sorted((len(sizes), len(ratios))) != [0, len(kernel)]:
            raise self.argument_error(f"expected either all output sizes or all ratios, got {sizes} and {ratios}")
        if not all(0 < r < 1 for r in ratios):
            raise self.argument_error(f"expected ratios between 0 and 1, got {ratios}")
        self.size = tuple(self.require_integer("output size", m) for m in sizes) if sizes else None
        self.ratio = ratios or None
        axes = len(kernel)
        self.given = np.zeros((0, 0, axes)) if samples is None else np.array(samples, np.float64)
        if self.given.ndim != 3 or self.given.shape[2] != axes:
            raise self.argument_error(f"expected random_samples of shape (N, C, {axes}), got {self.given.shape}")
        self.random_samples = self.given
        self.fixed = fixed or samples is not None
        # Fixed samples are a function of this seed and of (N, C), so a checkpoint need not contain them; 0: none yet.
        self.region_seed = np.zeros(1, np.int64)

    def check_input(self, x: Array) -> Array:
        x = self.require_samples(x)
        names = self.sample_axes[-len(self.kernel) :]
        for name, n, m, k in zip(names, x.shape[-len(names) :], self.count_windows(x), self.kernel, strict=True):
            if not 1 <= m <= n - k:
                expected = "one window" if m < 1 else f"{name} of at least {m + k} for {m} windows"
                raise self.add_location(ShapeError(f"expected an input with {expected} of {k}, got {x.shape}"))
        return x

    def count_windows(self, x: Array) -> Shape:
        if self.size is not None:
            return self.size
        sizes = x.shape[-len(self.kernel) :]
        return tuple(int(n * ratio) for n, ratio in zip(sizes, self.ratio or (), strict=True))

    def update_output(self, x: Array) -> Array:
        self._draw_samples(self.check_input(x))
        return super().update_output(x)

    def _draw_samples(self, x: Array) -> None:
        """Set the samples: the given ones if they fit, else random ones, equal in every call if they are fixed."""
        axes = len(self.kernel)
        lead = x.shape[:-axes] if x.ndim == axes + 2 else (1, *x.shape[:-axes])
        if self.given.shape == (*lead, axes):
            self.random_samples = self.given
            return
        generator = self.generator
        if self.fixed:
            if not self.region_seed[0]:
                self.region_seed[0] = generator.integers(1, 1 << 62)
            generator = random.create_stream(int(self.region_seed[0]), "regions", *lead)
        self.random_samples = generator.random((*lead, axes))

    def get_starts(self) -> Sequence[IntArray]:
        axes = len(self.kernel)
        samples = self.random_samples.reshape(-1, axes)[:, ::-1].astype(np.float64)
        rows = zip(samples.T, self.input_size, self.output.shape[-axes:], self.kernel, strict=True)
        return [compute_starts(u, n, m, k) for u, n, m, k in rows]

    def get_stops(self) -> Sequence[IntArray]:
        return [start + k for start, k in zip(self.get_starts(), self.kernel, strict=True)]

    def get_steps(self) -> Sequence[IntArray]:
        return [np.arange(k)[None] for k in self.kernel]

    def label(self) -> str:
        # From the last axis to the first, as in the constructor and the samples.
        size = "x".join(str(m) for m in reversed(self.size or (0,) * len(self.kernel)))
        return f"{type(self).__name__}({size}, {','.join(str(k) for k in reversed(self.kernel))})"


def compute_starts(u: Array, n: int, m: int, k: int) -> IntArray:
    """The starts of m windows of k elements in n, for each sample u: (channels, m)."""
    a = (n - k) / (m - 1) if m > 1 else 0.0
    starts = np.floor((np.arange(m) + u[:, None]) * a) - np.floor(u[:, None] * a)
    starts[:, -1] = n - k
    return starts.astype(np.intp)
