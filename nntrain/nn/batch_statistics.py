"""Normalization of every feature by its mean and variance in the batch."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nntrain.nn import random
from nntrain.nn.affine import Affine
from nntrain.nn.array import Array

__all__ = ["BatchStatistics"]


class BatchStatistics(Affine):
    """y = h weight + bias, h = (x − μ) / √(v + eps), for x (N, n_output, *inner) and μ, v (n_output,).

    dx = s (dy − mean dy − h mean(dy h)), s = weight / √(v + eps);  dweight = Σ dy h;  dbias = Σ dy. All sums and
    means run over the batch and the inner axes. In training μ and v (divided by the number of elements n) are
    those of the batch; then running_mean and running_var move a part ``momentum`` of the way to μ and to
    v n / (n − 1). In prediction, and for a batch of one sample, μ and v are the running ones, and dx = s dy.
    A subclass says its ``inner`` axes.
    """

    buffer_names = ("running_mean", "running_var")
    inferred = {"n_output": 1}

    # The axes after the features, as errors call them.
    inner: ClassVar[tuple[str, ...]] = ()

    def __init__(self, n_output: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True) -> None:
        self.make_parameters(n_output, affine)
        self.eps = eps
        self.momentum = momentum
        self.running_mean = np.zeros(n_output, np.float32)
        self.running_var = np.ones(n_output, np.float32)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        if self.weight is not None and self.bias is not None:
            random.uniform(self.weight, 0, 1)
            self.bias[...] = 0
        self.running_mean[...] = 0
        self.running_var[...] = 1

    def update_output(self, x: Array) -> Array:
        samples = self._samples(x)
        self.output_of(x.shape, like=x)
        h = self.buffer("h", samples.shape, like=x)
        if self._measured(samples):
            self._measure(samples, h)
        else:
            np.subtract(samples, self.spread(self.running_mean), out=h)
            self._invert(self.running_var, like=x)
        np.multiply(h, self.spread(self._row("inverse", x)), out=h)
        self.transform(h, self.output.reshape(h.shape))
        return self.output

    def _measure(self, x: Array, h: Array) -> None:
        """h ← x − μ, and keep 1 / √(v + eps) and the running statistics."""
        n = x.size // self.n_output
        mean = self._summed(x, self._row("mean", x))
        np.divide(mean, n, out=mean)
        np.subtract(x, self.spread(mean), out=h)
        squares = self.output.reshape(h.shape)
        np.multiply(h, h, out=squares)
        variance = self._summed(squares, self._row("variance", x))
        np.divide(variance, n, out=variance)
        self._invert(variance, like=x)
        np.multiply(variance, n / (n - 1), out=variance)
        self._move(self.running_mean, mean)
        self._move(self.running_var, variance)

    def _invert(self, variance: Array, like: Array) -> None:
        """Keep 1 / √(v + eps)."""
        inverse = self._row("inverse", like)
        np.add(variance, self.eps, out=inverse)
        np.sqrt(inverse, out=inverse)
        np.divide(1, inverse, out=inverse)

    def _move(self, running: Array, new: Array) -> None:
        """A running statistic ← momentum · new + (1 − momentum) · running; ``new`` is overwritten."""
        np.multiply(running, 1 - self.momentum, out=running)
        np.multiply(new, self.momentum, out=new)
        np.add(running, new, out=running)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        samples = self._samples(x)
        dx = self.grad_input_of(x)
        out, dy, h = dx.reshape(samples.shape), dy.reshape(samples.shape), self.buffer("h", samples.shape, like=x)
        np.multiply(dy, h, out=out)
        dw = self._summed(out, self._row("dw", x))
        db = self._summed(dy, self._row("db", x))
        if self._measured(samples):
            n = x.size // self.n_output
            np.multiply(h, self.spread(self._scaled(dw, 1 / n)), out=out)
            np.subtract(dy, out, out=out)
            np.subtract(out, self.spread(self._scaled(db, 1 / n)), out=out)
            dy = out
        slope = self._scaled(self._row("inverse", x), 1 if self.weight is None else self.weight)
        np.multiply(dy, self.spread(slope), out=out)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        # The sums are those of update_grad_input, which goes before.
        if self.weight is not None:
            np.add(self.grad_weight, self._scaled(self._row("dw", x), scale), out=self.grad_weight)
            np.add(self.grad_bias, self._scaled(self._row("db", x), scale), out=self.grad_bias)

    def _scaled(self, row: Array, factor: float | Array) -> Array:
        """row · factor, in memory that the next call overwrites."""
        return np.multiply(row, factor, out=self._row("scaled", row))

    def _row(self, name: str, like: Array) -> Array:
        """Memory for one number per feature."""
        return self.buffer(name, (self.n_output,), like=like)

    def spread(self, row: Array) -> Array:
        return row.reshape(-1, *(1,) * len(self.inner))

    def _summed(self, x: Array, out: Array) -> Array:
        """out ← Σ x over the batch and the inner axes; a product with ones is the fastest sum there is."""
        if self.inner:
            planes = x.reshape(len(x), self.n_output, -1)
            x = self.buffer("planes", planes.shape[:2], like=x)
            np.matmul(planes, self._ones(planes.shape[2], x), out=x)
        return np.matmul(self._ones(len(x), x), x, out=out)

    def _ones(self, count: int, like: Array) -> Array:
        """That many ones."""
        ones = self.buffer("ones", (count,), like=like)
        ones[...] = 1
        return ones

    def _measured(self, samples: Array) -> bool:
        """Whether the statistics are those of the batch."""
        return self.train and len(samples) > 1

    def _samples(self, x: Array) -> Array:
        """x as a batch. ShapeError if it is none, or has another number of features."""
        one = (self.n_output, *self.inner)
        axes = len(one)
        wanted = f"an input of shape ({', '.join(map(str, ('N', *one)))})"
        if self.train:
            self.require(x, axes + 1, axis=1, size=self.n_output, wanted=wanted)
        else:
            self.require(x, axes, axes + 1, axis=-axes, size=self.n_output, wanted=wanted)
        return x if x.ndim == axes + 1 else x[None]

    def label(self) -> str:
        return f"{type(self).__name__} ({len(self.inner) + 2}D) ({self.n_output})"
