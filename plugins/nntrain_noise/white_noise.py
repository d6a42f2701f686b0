"""y = x + noise."""

import numpy as np

from nntrain.errors import ModuleError
from nntrain.nn import Array, Noise


class WhiteNoise(Noise):
    """y = x + N(mean, std), for each element;  dx = dy. In evaluation mode y = x + mean, without a backward pass.

    Shapes:
        any x → y of the same shape
    std is the standard deviation.
    Errors: ArgumentError in training unless std is above 0; ModuleError for a backward pass in evaluation mode.
    Source: torch/nn, WhiteNoise.lua.
    """

    def __init__(self, mean: float = 0, std: float = 0.1) -> None:
        self.mean = mean
        self.std = std

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        y = self.output_of(x.shape, like=x)
        if self.train:
            np.add(x, self._draw_noise(y), out=y)
        else:
            np.add(x, self.mean, out=y)
        return y

    def _draw_noise(self, y: Array) -> Array:
        """Sample new noise."""
        if not self.std > 0:
            raise self.argument_error(f"expected a std above 0 in training, got {self.std}")
        noise = self.buffer("noise", y.shape, like=y, dtype=np.float64 if y.dtype == np.float64 else np.float32)
        self.generator.standard_normal(out=noise, dtype=noise.dtype)
        np.multiply(noise, self.std, out=noise)
        return np.add(noise, self.mean, out=noise)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        if not self.train:
            raise ModuleError("no backward pass in evaluation mode; call training() first")
        dx = self.grad_input_of(x)
        dx[...] = dy
        return dx

    def label(self) -> str:
        return f"WhiteNoise mean: {self.mean:f}, std: {self.std:f}"
