"""Normalization of every feature by its mean and variance in the batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nntrain.nn import random
from nntrain.nn.affine import Affine
from nntrain.nn.allowance import spend
from nntrain.nn.array import Array
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
        mean, variance, inverse, scale = (self._row(name, x) for name in ("mean", "variance", "inverse", "scale"))
        if not measured:
            mean[...], variance[...] = self.running_mean, self.running_var

        def normalize(some: slice) -> None:
            planes, out = samples[:, some], y[:, some]
            if measured:
                np.divide(self._summed(planes, mean[some]), n, out=mean[some])
            centred = self._centred(planes, mean[some])
            if measured:
                np.divide(self._dots(centred, centred, out, variance[some]), n, out=variance[some])
            np.add(variance[some], self.eps, out=inverse[some])
            np.sqrt(inverse[some], out=inverse[some])
            np.divide(1, inverse[some], out=inverse[some])
            np.multiply(inverse[some], 1 if self.weight is None else self.weight[some], out=scale[some])
            np.multiply(centred, self.spread(scale[some]), out=out)
            if self.bias is not None:
                np.add(out, self.spread(self.bias[some]), out=out)

        self._in_blocks(normalize, samples)
        if measured:
            self._move(self.running_mean, mean, 1)
            self._move(self.running_var, variance, n / (n - 1))
        return self.output

    def _centred(self, x: Array, mean: Array) -> Array:
        """x − μ for a block of features."""
        return np.subtract(x, self.spread(mean), out=self.buffer("centred", x.shape, like=x))

    def _in_blocks(self, work: Callable[[slice], None], samples: Array) -> None:
        """``work`` on blocks of features that stay in the caches, shared out over threads."""
        most = max(2 * PIECE * self.n_output // max(samples.size, 1), 1)
        if not self.inner:  # rows of few features are slow to walk along
            most = max(most, 64)
        count = -(-self.n_output // most)

        def some_blocks(some: range) -> None:
            for block in some:
                work(slice(block * self.n_output // count, (block + 1) * self.n_output // count))

        share(count, some_blocks)

    def _move(self, running: Array, new: Array, factor: float) -> None:
        """A running statistic ← momentum · factor · new + (1 − momentum) · running."""
        np.multiply(running, 1 - self.momentum, out=running)
        np.add(running, self._scaled(new, self.momentum * factor), out=running)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        samples = self._samples(x)
        measured, n = self._measured(samples), x.size // self.n_output
        dx, dy = self.grad_input_of(x).reshape(samples.shape), dy.reshape(samples.shape)
        mean, inverse, scale, dw, db, part = (
            self._row(name, x) for name in ("mean", "inverse", "scale", "dw", "db", "part")
        )

        def differentiate(some: slice) -> None:
            planes, out = dy[:, some], dx[:, some]
            centred = self._centred(samples[:, some], mean[some])
            np.multiply(self._dots(planes, centred, out, dw[some]), inverse[some], out=dw[some])
            self._summed(planes, db[some])
            if measured:
                np.divide(np.multiply(dw[some], inverse[some], out=part[some]), n, out=part[some])
                np.multiply(centred, self.spread(part[some]), out=centred)
                np.subtract(planes, centred, out=out)
                np.subtract(out, self.spread(np.divide(db[some], n, out=part[some])), out=out)
                planes = out
            np.multiply(planes, self.spread(scale[some]), out=out)

        self._in_blocks(differentiate, samples)
        return self.grad_input

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
            planes = x.reshape(*x.shape[:2], -1)
            x = self.buffer("planes", planes.shape[:2], like=x)
            np.matmul(planes, self._ones(planes.shape[2], x), out=x)
        return np.matmul(self._ones(len(x), x), x, out=out)

    def _dots(self, a: Array, b: Array, products: Array, out: Array) -> Array:
        """out ← Σ a b over the batch and the inner axes; ``products`` is memory like them."""
        if not self.inner:
            return self._summed(np.multiply(a, b, out=products), out)
        planes = self.buffer("planes", a.shape[:2], like=a)
        # Not np.vecdot, which lets no other thread run meanwhile.
        np.matmul(a.reshape(*a.shape[:2], 1, -1), b.reshape(*b.shape[:2], -1, 1), out=planes[..., None, None])
        return np.matmul(self._ones(len(planes), planes), planes, out=out)

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
