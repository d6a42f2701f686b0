"""y = the index of the center that is nearest to x."""

import math

import numpy as np

from nntrain.compute import random
from nntrain.compute.allocation_budget import reserve_elements, zeros
from nntrain.nn import Array, Module
from nntrain.nn.parameter import add_scaled, parameter


class Kmeans(Module):
    """y = argmin_c ‖x − w_c‖²;  dx = 0;  dw_c = Σ (w_c − x) / (n_c + 1e-7) over the n_c samples of center c.

    Among equally near centers the first is chosen. The values of dy are ignored. ``loss`` is Σ ‖x − w_y‖² of the last
    forward, ``cluster_sample_count`` n_c of the last accumulation.

    Shapes:
        x (N, input_size) → y (N,), integers
        weight (k, input_size), cluster_sample_count (k,)
    Initially weight is U(−1, 1); ``reset(stdv)`` samples from U(−stdv, stdv). The argument scale, if set, replaces
    that of ``acc_grad_parameters``. ``init_random`` and ``init_kmeans_plus`` choose samples as centers.
    Errors: ShapeError for another x; ArgumentError for sizes below 1 and a scale that is not positive.
    Source: torch/nn, Kmeans.lua.
    """

    needs_output = True
    parameter_names = ("weight",)
    buffer_names = ("cluster_sample_count",)
    inferred = {"input_size": -1}

    def __init__(self, k: int, input_size: int, scale: float | None = None) -> None:
        self.require_sizes(k, input_size)
        if scale is not None and scale <= 0:
            raise self.argument_error(f"expected a scale above 0, got {scale}")
        self.scale = scale
        self.weight, self.grad_weight = parameter(k, input_size)
        reserve_elements(k)
        self.cluster_sample_count = zeros(k)
        self.loss = 0.0
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        s = 1 if stdv is None else stdv
        random.fill_uniform(self.weight, -s, s)

    def init_random(self, x: Array) -> None:
        """Set the centers to k samples, chosen with replacement."""
        self._check(x)
        self.weight[...] = x[random.initial_stream().integers(len(x), size=len(self.weight))]

    def init_kmeans_plus(self, x: Array, p: float = 0.95) -> None:
        """Set the centers to k samples, each chosen from the fraction 1 − p of samples farthest from the previous."""
        self._check(x)
        farthest = max(math.ceil((1 - p) * len(x)), 1)
        candidates = np.arange(len(x))
        nearest = np.full(len(x), np.inf)
        for center in self.weight:
            center[...] = x[random.initial_stream().choice(candidates)]
            nearest = np.minimum(nearest, np.square(x - center).sum(axis=1))
            candidates = np.argsort(-nearest, kind="stable")[:farthest]

    def update_output(self, x: Array) -> Array:
        self._check(x)
        difference = self.buffer("difference", (len(x), *self.weight.shape), like=x)
        np.subtract(x[:, None, :], self.weight, out=difference)
        distance = self.buffer("distance", difference.shape[:2], like=x)
        np.einsum("nki,nki->nk", difference, difference, out=distance)
        y = self.output_of((len(x),), like=x)
        y[...] = distance.argmin(axis=1)
        self.loss = float(distance.min(axis=1).sum())
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return self.zero_grad_input_of(x)

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        chosen = self.buffer("chosen", (len(x), len(self.weight)), like=x)
        np.equal(self.output[:, None], np.arange(len(self.weight)), out=chosen)
        count = np.sum(chosen, axis=0, out=self.cluster_sample_count)[:, None]
        dw, total = (self.buffer(name, self.weight.shape, like=self.weight) for name in ("dw", "total"))
        np.matmul(chosen.T, x, out=total)
        np.multiply(self.weight, count, out=dw)
        np.subtract(dw, total, out=dw)
        np.divide(dw, count + 1e-7, out=dw)
        add_scaled(self.grad_weight, dw, scale if self.scale is None else self.scale)

    def _check(self, x: Array) -> None:
        """Raise ShapeError unless x is (N, input_size)."""
        size = self.weight.shape[1]
        self.require(x, 2, size=size, expected=f"an input of shape (N, {size})")
