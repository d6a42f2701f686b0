"""y = λ x where x > 0, λ α (exp x − 1) elsewhere."""

from typing import ClassVar

import numpy as np

from nntrain.nn import Array, Elementwise


class SELU(Elementwise):
    """y = λ x where x > 0, λ α (exp x − 1) elsewhere;  y' = λ where y > 0, y + λ α elsewhere.

    α = 1.6732632423543772, λ = 1.0507009873554805.

    Shapes:
        any x → y of the same shape
    Source: Klambauer, Unterthiner, Mayr, Hochreiter, "Self-Normalizing Neural Networks", 2017.
    """

    needs_output = True

    # With these, the output has the mean 0 and the variance 1 if x is N(0, 1).
    alpha: ClassVar[float] = 1.6732632423543772
    scale: ClassVar[float] = 1.0507009873554805

    def value(self, x: Array, out: Array) -> None:
        # exp x − 1 = 2t / (1 − t), t = tanh(x/2): accurate near 0 like expm1, which is several times slower.
        scratch = self.buffer("scratch", x.shape, like=x)
        np.clip(x, -np.inf, 0, out=out)
        np.multiply(out, 0.5, out=out)
        np.tanh(out, out=out)
        np.subtract(1, out, out=scratch)
        np.divide(out, scratch, out=out)
        np.multiply(out, 2 * self.scale * self.alpha, out=out)
        np.clip(x, 0, np.inf, out=scratch)
        np.multiply(scratch, self.scale, out=scratch)
        np.add(out, scratch, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        positive = self.buffer("positive", x.shape, like=x, dtype=np.bool_)
        excess = self.buffer("scratch", x.shape, like=x)
        np.clip(y, -np.inf, 0, out=out)
        np.add(out, self.scale * self.alpha, out=out)
        np.greater(y, 0, out=positive)
        np.multiply(positive, self.scale * self.alpha - self.scale, out=excess)
        np.subtract(out, excess, out=out)
