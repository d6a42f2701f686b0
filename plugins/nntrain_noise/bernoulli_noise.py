"""The base of layers that drop values with probability p."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, Shape, Slice
from nntrain.nn.bases.noise import Noise


class BernoulliNoise(Noise):
    """A layer with noise that is 0 with probability p. Abstract: a subclass multiplies by the noise."""

    mutable_arguments: ClassVar[tuple[str, ...]] = ("p",)

    p: float

    def setp(self, p: float) -> None:
        """Change the probability of dropping."""
        self.p = p

    @property
    def current_p(self) -> float:
        """The probability of dropping in this pass: in training, that of the step."""
        return self.p * self.p_factor if self.train and self.p_factor is not None else self.p

    def draw(self, shape: Shape, kept: float, like: Array) -> Array:
        """Sample new noise: ``kept`` with probability 1 − p, else 0. ``get_noise`` returns it again."""
        noise, fill = self.plan_draw(shape, kept, like)
        fill(...)
        return noise

    def plan_draw(self, shape: Shape, kept: float, like: Array) -> tuple[Array, Callable[[Slice], object]]:
        """Return the array of new noise as in ``draw``, and the function that fills a slice of it."""
        noise = self.get_noise(shape, like)
        # The same stream drops the same elements in float32 and float64.
        fill = random.plan_bernoulli(self.generator, self.current_p, noise)

        def draw_slice(some: Slice) -> None:
            fill(some)
            np.multiply(noise[some], kept, out=noise[some])

        return noise, draw_slice

    def get_noise(self, shape: Shape, like: Array) -> Array:
        """The noise of the last ``draw``."""
        return self.buffer("noise", shape, like=like)

    def label(self) -> str:
        return f"{type(self).__name__}({self.p:f})"
