"""The base of layers that multiply a matrix by sparse vectors."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, IntArray, Value
from nntrain.nn.module import Module
from nntrain_linear.row_sums import add_at_rows


@dataclass(frozen=True)
class SparsePairs:
    """The elements of a sparse batch: the sample, the key and the value of each."""

    samples: IntArray
    keys: IntArray
    values: Array
    count: int

    # Whether this is one sample without a batch axis.
    single: bool


def repeat_sample_indices(sizes: Sequence[int] | IntArray) -> IntArray:
    """Return the sample index of each pair, given the numbers of pairs: [2, 1] → [0, 0, 1]."""
    return np.repeat(np.arange(len(sizes)), np.asarray(sizes, np.intp))


class SparseAffine(Module):
    """y = b + Σ value · W[key] over the pairs of a sample;  dW[key] = Σ value dy;  db = Σ dy.

    Abstract: a subclass implements ``get_pairs`` and ``get_rows``.
    """

    weight: Array
    bias: Array
    grad_weight: Array
    grad_bias: Array
    weight_decay: float = 0

    @abstractmethod
    def get_pairs(self, x: Value) -> SparsePairs:
        """The pairs of x. ShapeError if x does not fit."""

    @abstractmethod
    def get_rows(self, weight: Array) -> Array:
        """W, or its gradient, as (input_size, output_size)."""

    def scale_values(self, pairs: SparsePairs, out: Array) -> None:
        """out ← the scaled values (here: the values)."""
        out[...] = pairs.values

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(self.weight.shape[1], stdv, self.weight, self.bias)
        np.multiply(self.bias, 1e-6, out=self.bias)

    def update_output(self, x: Value) -> Array:
        pairs = self.get_pairs(x)
        values = self._get_value_buffer(pairs)
        self.scale_values(pairs, values)
        y = self.output_of((pairs.count, len(self.bias)), like=values)
        y[...] = self.bias
        add_at_rows(self, y, pairs.samples, values[:, None] * self.get_rows(self.weight)[pairs.keys])
        self.output = y[0] if pairs.single else y
        return self.output

    def _get_value_buffer(self, pairs: SparsePairs) -> Array:
        """Memory for the scaled values."""
        return self.buffer("values", pairs.values.shape, like=pairs.values)

    def acc_grad_parameters(self, x: Value, dy: Array, scale: float = 1) -> None:
        pairs, dy = self.get_pairs(x), dy.reshape(-1, len(self.bias))
        terms = self._get_value_buffer(pairs)[:, None] * dy[pairs.samples]
        add_at_rows(self, self.get_rows(self.grad_weight), pairs.keys, np.multiply(terms, scale, out=terms))
        self.accumulate("bias", scale, lambda db: np.sum(dy, axis=0, out=db))
