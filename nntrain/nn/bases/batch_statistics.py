"""Normalization of each feature by its mean and variance over the batch."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from nntrain.compute import random
from nntrain.compute.allocation_budget import reserve_elements, zeros
from nntrain.compute.array import Array
from nntrain.nn.bases.affine import Affine
from nntrain.nn.parameter import writes


class BatchStatistics(Affine):
    """y = h weight + bias, h = (x − μ) / √(v + eps), for x (N, n_output, *inner) and μ, v (n_output,).

    dx = s (dy − mean dy − h mean(dy h)), s = weight / √(v + eps);  dweight = Σ dy h;  dbias = Σ dy. All sums and
    means run over the batch and the inner axes. In training μ and v (divided by the number of elements n) are
    those of the batch; then running_mean and running_var move by the fraction ``momentum`` towards μ and
    v n / (n − 1). In evaluation mode, and for a batch of one sample, μ and v are the running ones, and dx = s dy.
    Abstract: a subclass defines its ``inner`` axes and the two loops over the data.
    """

    buffer_names = ("running_mean", "running_var")
    inferred = {"n_output": 1}

    # Names of the axes after the features, for errors.
    inner: ClassVar[tuple[str, ...]] = ()

    def __init__(self, n_output: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True) -> None:
        self.create_parameters(n_output, affine)
        self.eps = eps
        self.momentum = momentum
        reserve_elements(2, n_output)
        self.running_mean, self.running_var = zeros(n_output), zeros(n_output)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        if self.weight is not None and self.bias is not None:
            random.fill_uniform(self.weight, 0, 1)
            self.bias[...] = 0
        self.running_mean[...] = 0
        self.running_var[...] = 1

    @abstractmethod
    def normalize(self, x: Array, y: Array, statistics: Array, measured: bool) -> None:
        """y ← h weight + bias; first computes μ and v from the batch if ``measured``."""

    @abstractmethod
    def differentiate(self, x: Array, dy: Array, dx: Array, statistics: Array, grads: Array, measured: bool) -> None:
        """Compute dx, and dweight and dbias into the first two rows of ``grads``."""

    def update_output(self, x: Array) -> Array:
        samples = self._to_batch(x)
        measured, n = self._is_measured(samples), x.size // self.n_output
        y = self.output_of(x.shape, like=x).reshape(samples.shape)
        statistics = self._get_statistics(x)
        if not measured:
            statistics[0], statistics[1] = self.running_mean, self.running_var
        self.normalize(samples, y, statistics, measured)
        if measured:
            self._update_running(self.running_mean, statistics[0], 1)
            self._update_running(self.running_var, statistics[1], n / (n - 1))
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        samples = self._to_batch(x)
        dx, dy = self.grad_input_of(x).reshape(samples.shape), dy.reshape(samples.shape)
        statistics, gradients = self._get_statistics(x), self._get_gradient_buffers(x)
        self.differentiate(samples, dy, dx, statistics, gradients, self._is_measured(samples))
        return self.grad_input

    @writes("weight", "bias")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        # update_grad_input, which runs first, has computed the sums.
        if self.weight is not None:
            dw, db, _ = self._get_gradient_buffers(x)
            # np.positive copies the sums that update_grad_input has left.
            self.accumulate("weight", scale, np.positive, dw)
            self.accumulate("bias", scale, np.positive, db)

    def compute_scale(self, variance: Array, inverse: Array, scale: Array, weight: Array | None) -> None:
        """inverse ← 1 / √(v + eps);  scale ← inverse · weight."""
        np.add(variance, self.eps, out=inverse)
        np.sqrt(inverse, out=inverse)
        np.divide(1, inverse, out=inverse)
        np.multiply(inverse, 1 if weight is None else weight, out=scale)

    def _update_running(self, running: Array, new: Array, factor: float) -> None:
        """A running statistic ← momentum · factor · new + (1 − momentum) · running."""
        step = self.buffer("step", (self.n_output,), like=new)
        np.multiply(running, 1 - self.momentum, out=running)
        np.add(running, np.multiply(new, self.momentum * factor, out=step), out=running)

    def _get_statistics(self, x: Array) -> Array:
        """Return the buffer of μ, v, 1 / √(v + eps) and that times the weight, per feature."""
        return self.buffer("statistics", (4, self.n_output), like=x)

    def _get_gradient_buffers(self, x: Array) -> Array:
        """Return the buffer of dweight, dbias and one term of dx, per feature."""
        return self.buffer("gradients", (3, self.n_output), like=x)

    def _is_measured(self, samples: Array) -> bool:
        """Whether μ and v are measured in this batch, instead of the running ones."""
        return self.train and len(samples) > 1

    def _to_batch(self, x: Array) -> Array:
        """Return x as a batch. ShapeError for a wrong number of axes or features."""
        one = (self.n_output, *self.inner)
        axes = len(one)
        expected = f"an input of shape ({', '.join(map(str, ('N', *one)))})"
        if self.train:
            self.require(x, axes + 1, axis=1, size=self.n_output, expected=expected)
        else:
            self.require(x, axes, axes + 1, axis=-axes, size=self.n_output, expected=expected)
        return x if x.ndim == axes + 1 else x[None]

    def label(self) -> str:
        return f"{type(self).__name__} ({len(self.inner) + 2}D) ({self.n_output})"
