"""y = b + Σ value · W[key]."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray, Value, is_array
from nntrain.errors import ModuleError
from nntrain.nn.input_arrays import to_indices
from nntrain.nn.parameter import parameter
from nntrain.nn.table import is_table
from nntrain_linear.sparse_affine import SparseAffine, SparsePairs, repeat_sample_indices

__all__ = ["IndexLinear"]

# Columns of weight before W with normalize: the largest |value| of a key, 1 over it, whether the key was met, and a
# bias that is added to the key's values.
MAX_ABS, INVERSE, SEEN, KEY_BIAS = range(4)
COLUMN_COUNT = 4


class IndexLinear(SparseAffine):
    """y = b + Σ value · W[key + keys_offset] over the pairs of a sample;  dW[row] = Σ value dy;  db = Σ dy.

    Shapes:
        keys whole numbers, values; keys of a sample may repeat
        x [keys (n,), values (n,)] → y (output_size,); [[keys, ...], [values, ...]], N of each → (N, output_size);
        [keys, values, sizes (N,)], all samples one after the other → (N, output_size)
        weight W (input_size, output_size), bias b (output_size,)
        with normalize weight (input_size, 4 + output_size), W its columns from 4 on
    normalize: a value counts as value / m + weight[row, 3], where m = weight[row, 0] is the largest |value| that the
    key has had so far in training, and weight[row, 1] = 1 / m; in prediction a larger one counts as ±1.
    dx is an empty list. With do_grad_input it has the structure of x, keys 0..input_size − 1 and values dy Wᵀ for
    each sample; [(N, input_size), (N, input_size)] for x with sizes.
    The attribute weight_decay, when set, shortens W[row] by that part in an update, once for each pair met.
    Initially all is 0, or ``weight`` and ``bias`` are the arrays given, and the sizes those of weight. ``reset``
    draws W from U(−s, s), s = 1/√(columns of weight), and bias from U(−s, s) / 10⁶.
    Errors: ShapeError if x is not of these shapes, or a key is none; ArgumentError for sizes below 1; ModuleError
    for the backward pass of do_grad_input with normalize.
    Source: torch/nn, IndexLinear.lua.
    """

    _seen: Array | None = None

    def __init__(
        self,
        input_size: int,
        output_size: int,
        do_grad_input: bool = False,
        keys_offset: int = 0,
        weight: Array | Sequence[Sequence[float]] | None = None,
        bias: Array | Sequence[float] | None = None,
        normalize: bool = False,
    ) -> None:
        if input_size < 1 or output_size < 1:
            raise self.argument_error(f"expected sizes of at least 1, got {input_size} and {output_size}")
        self.do_grad_input = do_grad_input
        self.keys_offset = keys_offset
        self.normalize = normalize
        before = COLUMN_COUNT if normalize else 0
        self.weight, self.grad_weight = create_parameter(weight, input_size, before + output_size)
        self.bias, self.grad_bias = create_parameter(bias, self.weight.shape[1] - before)
        if self.weight.ndim != 2 or self.bias.shape != (self.weight.shape[1] - before,):
            shapes = f"{self.weight.shape} and {self.bias.shape}"
            raise self.argument_error(f"expected a weight of two axes and a bias as wide, got {shapes}")

    def reset(self, stdv: float | None = None) -> None:
        super().reset(stdv)
        if self.normalize:
            self.weight[:, :COLUMN_COUNT] = 0

    def get_rows(self, weight: Array) -> Array:
        return weight[:, COLUMN_COUNT:] if self.normalize else weight

    def get_pairs(self, x: Value) -> SparsePairs:
        if not is_table(x) or len(x) not in (2, 3):
            raise self.shape_error("[keys, values] or [keys, values, sizes]", x)
        lists = is_table(x[0])
        key_parts, value_parts = (x[0], x[1]) if lists else ([x[0]], [x[1]])
        sizes = [len(part) for part in key_parts]
        if sizes != [len(part) for part in value_parts]:
            raise self.shape_error("as many values as keys in every sample", x)
        keys = np.concatenate([np.empty(0, np.intp), *map(np.asarray, key_parts)])
        values = np.concatenate([np.empty(0, np.float32), *map(np.asarray, value_parts)])
        if keys.ndim != 1 or (len(x) == 3 and np.sum(x[2]) != len(keys)):
            raise self.shape_error("keys, values and sizes of one axis, the sizes adding up to the keys", x)
        samples = repeat_sample_indices(x[2] if len(x) == 3 else sizes)
        rows = to_indices(self, "keys", keys + self.keys_offset, len(self.weight))
        count = len(x[2]) if len(x) == 3 else len(sizes)
        return SparsePairs(samples, rows, values, count, single=not lists and len(x) == 2)

    def scale_values(self, pairs: SparsePairs, out: Array) -> None:
        keys, values = pairs.keys, pairs.values
        if not self.normalize:
            out[...] = values
        elif self.train:
            np.multiply(values, self._update_scales(keys, np.abs(values)), out=out)
            np.add(out, self.weight[keys, KEY_BIAS], out=out)
        else:
            inside = np.abs(values) <= self.weight[keys, MAX_ABS]
            out[...] = np.where(inside, values * self.weight[keys, INVERSE], np.sign(values))
            np.add(out, self.weight[keys, KEY_BIAS], out=out)

    def _update_scales(self, keys: IntArray, sizes: Array) -> Array:
        """1 / m for each pair; the pairs come one after the other, and m grows on the way."""
        weight, inverse = self.weight, np.empty(len(keys), self.weight.dtype)
        for i, (key, size) in enumerate(zip(keys.tolist(), sizes.tolist(), strict=True)):
            if size > weight[key, MAX_ABS]:
                weight[key, MAX_ABS] = size
                weight[key, INVERSE] = 1 / size
            inverse[i] = weight[key, INVERSE]
        weight[keys, SEEN] = 1
        return inverse

    def update_grad_input(self, x: Value, dy: Array) -> Value:
        if not self.do_grad_input:
            self.grad_input = []
            return self.grad_input
        if self.normalize:
            raise ModuleError("there is no gradient of the input with normalize: leave do_grad_input out")
        dy = dy.reshape(-1, len(self.bias))
        shape = (len(dy), len(self.weight))
        keys = self.buffer("grad_input[0]", shape, like=dy, dtype=np.intp)
        keys[...] = np.arange(len(self.weight))
        values = self.buffer("grad_input[1]", shape, like=dy)
        np.matmul(dy, self.weight.T, out=values)
        if is_table(x[0]):
            self.grad_input = [list(keys), list(values)]
        else:
            self.grad_input = [keys, values] if len(x) == 3 else [keys[0], values[0]]
        return self.grad_input

    def acc_grad_parameters(self, x: Value, dy: Array, scale: float = 1) -> None:
        super().acc_grad_parameters(x, dy, scale)
        if not self.normalize and not self.weight_decay:
            return
        pairs = self.get_pairs(x)
        if self.normalize:
            slope = np.einsum(
                "po,po->p", dy.reshape(-1, len(self.bias))[pairs.samples], self.get_rows(self.weight)[pairs.keys]
            )
            np.add.at(self.grad_weight[:, KEY_BIAS], pairs.keys, scale * slope)
        if self.weight_decay:
            met = np.bincount(pairs.keys, minlength=len(self.weight))
            self._seen = met if self._seen is None else self._seen + met

    def zero_grad_parameters(self) -> None:
        super().zero_grad_parameters()
        self._seen = None

    def update_parameters(self, learning_rate: float) -> None:
        if self.weight_decay and self._seen is not None:
            self.get_rows(self.weight)[...] *= ((1 - self.weight_decay) ** self._seen)[:, None]
        super().update_parameters(learning_rate)


def create_parameter(
    array: Array | Sequence[float] | Sequence[Sequence[float]] | None, *shape: int
) -> tuple[Array, Array]:
    """A parameter that is the array given, else zeros; and its gradient."""
    if array is None:
        return parameter(*shape)
    kept: Array = np.asarray(array) if is_array(array) else np.asarray(array, np.float32)
    return kept, np.zeros_like(kept)
