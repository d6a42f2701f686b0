"""Normalization of every feature by its mean and variance in the batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nntrain.nn import random
from nntrain.nn.affine import Affine
from nntrain.nn.allowance import spend
from nntrain.nn.array import Array
from nntrain.nn.parameter import writes
from nntrain.nn.product import ones, sum_of_rows
from nntrain.nn.threads import PIECE, share

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
        spend(2, n_output)
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
        measured, n = self._measured(samples), x.size // self.n_output
        y = self.output_of(x.shape, like=x).reshape(samples.shape)
        statistics = self._statistics(x)
        if not measured:
            statistics[0], statistics[1] = self.running_mean, self.running_var

        def normalize(some: slice) -> None:
            planes, out = samples[:, some], y[:, some]
            mean, variance, inverse, scale = statistics[:, some]
            if measured:
                np.divide(self._summed(planes, mean), n, out=mean)
            centred = self._centred(planes, mean)
            if measured:
                np.divide(self._dots(centred, centred, out, variance), n, out=variance)
            np.add(variance, self.eps, out=inverse)
            np.sqrt(inverse, out=inverse)
            np.divide(1, inverse, out=inverse)
            np.multiply(inverse, 1 if self.weight is None else self.weight[some], out=scale)
            np.multiply(centred, self.spread(scale), out=out)
            if self.bias is not None:
                np.add(out, self.spread(self.bias[some]), out=out)

        self._in_blocks(normalize, samples)
        if measured:
            self._move(self.running_mean, statistics[0], 1)
            self._move(self.running_var, statistics[1], n / (n - 1))
        return self.output

    def _statistics(self, x: Array) -> Array:
        """Mean, variance v, 1 / √(v + eps) and that times the weight, of each feature."""
        return self.buffer("statistics", (4, self.n_output), like=x)

    def _centred(self, x: Array, mean: Array) -> Array:
        """x − μ for a block of features."""
        return np.subtract(x, self.spread(mean), out=self.buffer("centred", x.shape, like=x))

    def _in_blocks(self, work: Callable[[slice], None], samples: Array) -> None:
        """``work`` on blocks of features that stay in the caches, shared out over threads."""
        most = max(2 * PIECE * self.n_output // max(samples.size, 1), 1)
        if not self.inner:  # rows of few features are slow to walk along
            most = max(most, 64)
        count = -(-self.n_output // most)
        if count == 1:
            work(slice(self.n_output))
            return

        def some_blocks(some: range) -> None:
            for block in some:
                work(slice(block * self.n_output // count, (block + 1) * self.n_output // count))

        share(count, some_blocks)

    def _move(self, running: Array, new: Array, factor: float) -> None:
        """A running statistic ← momentum · factor · new + (1 − momentum) · running."""
        step = self.buffer("step", (self.n_output,), like=new)
        np.multiply(running, 1 - self.momentum, out=running)
        np.add(running, np.multiply(new, self.momentum * factor, out=step), out=running)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        samples = self._samples(x)
        measured, n = self._measured(samples), x.size // self.n_output
        dx, dy = self.grad_input_of(x).reshape(samples.shape), dy.reshape(samples.shape)
        statistics, slopes = self._statistics(x), self._slopes(x)

        def differentiate(some: slice) -> None:
            planes, out = dy[:, some], dx[:, some]
            mean, _, inverse, scale = statistics[:, some]
            dw, db, part = slopes[:, some]
            centred = self._centred(samples[:, some], mean)
            np.multiply(self._dots(planes, centred, out, dw), inverse, out=dw)
            self._summed(planes, db)
            if measured:
                np.divide(np.multiply(dw, inverse, out=part), n, out=part)
                np.multiply(centred, self.spread(part), out=centred)
                np.subtract(planes, centred, out=out)
                np.subtract(out, self.spread(np.divide(db, n, out=part)), out=out)
                planes = out
            np.multiply(planes, self.spread(scale), out=out)

        self._in_blocks(differentiate, samples)
        return self.grad_input

    def _slopes(self, x: Array) -> Array:
        """dweight, dbias, and memory for a part of dx, of each feature."""
        return self.buffer("slopes", (3, self.n_output), like=x)

    @writes("weight", "bias")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        # The sums are those of update_grad_input, which goes before.
        if self.weight is not None:
            dw, db, _ = self._slopes(x)
            self.accumulate("weight", scale, np.positive, dw)
            self.accumulate("bias", scale, np.positive, db)

    def spread(self, row: Array) -> Array:
        return row.reshape(-1, *(1,) * len(self.inner)) if self.inner else row

    def _summed(self, x: Array, out: Array) -> Array:
        """out ← Σ x over the batch and the inner axes; a product with ones is the fastest sum there is."""
        if self.inner:
            planes = x.reshape(*x.shape[:2], -1)
            x = self.buffer("planes", planes.shape[:2], like=x)
            np.matmul(planes, ones(planes.shape[2], x.dtype), out=x)
        return sum_of_rows(x, out)

    def _dots(self, a: Array, b: Array, products: Array, out: Array) -> Array:
        """out ← Σ a b over the batch and the inner axes; ``products`` is memory like them."""
        if not self.inner:
            return self._summed(np.multiply(a, b, out=products), out)
        planes = self.buffer("planes", a.shape[:2], like=a)
        # Not np.vecdot, which lets no other thread run meanwhile.
        np.matmul(a.reshape(*a.shape[:2], 1, -1), b.reshape(*b.shape[:2], -1, 1), out=planes[..., None, None])
        return sum_of_rows(planes, out)

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
