"""The base of layers that drop complete feature maps."""

from typing import ClassVar

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.errors import ModuleError
from nntrain_noise.bernoulli_noise import BernoulliNoise


class FeatureDropout(BernoulliNoise):
    """y = x r, r = 0 with probability p, else 1, for each map;  dx = dy r. In evaluation mode y = (1 − p) x.

    With stochastic_inference, maps are also dropped in evaluation mode. Abstract: a subclass sets the axes of a map.
    """

    # The axes of a map, as named in errors.
    inner: ClassVar[tuple[str, ...]]

    def __init__(self, p: float = 0.5, stochastic_inference: bool = False) -> None:
        self.stochastic_inference = stochastic_inference
        self.setp(p)

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        y = self.output_of(x.shape, like=x)
        if self.train or self.stochastic_inference:
            np.multiply(x, self.draw(self._get_map_shape(x), 1, like=x), out=y)
        else:
            np.multiply(x, 1 - self.p, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        if not self.train:
            raise ModuleError("no backward pass in evaluation mode; call training() first")
        dx = self.grad_input_of(x)
        np.multiply(dy, self.get_noise(self._get_map_shape(x), like=x), out=dx)
        return dx

    def _get_map_shape(self, x: Array) -> Shape:
        """The shape of one number per map."""
        axes = ", ".join(("C", *self.inner))
        count = len(self.inner)
        self.require(x, count + 1, count + 2, expected=f"an input of shape ({axes}) or (N, {axes})")
        return (*x.shape[:-count], *(1,) * count)
