"""y = b + Σ value · W[key]."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray, Value, is_array, is_table
from nntrain.errors import ModuleError
from nntrain.nn.input_arrays import to_indices
from nntrain.nn.parameter import parameter
from nntrain_linear.sparse_affine import SparseAffine, SparsePairs, repeat_sample_indices

# Columns of weight before W with normalize: the maximum |value| of a key, its reciprocal, whether the key occurred,
# and a bias that is added to the values of the key.
MAX_ABS, INVERSE, SEEN, KEY_BIAS = range(4)
COLUMN_COUNT = 4


class IndexLinear(SparseAffine):
    """y = b + Σ value · W[key + keys_offset] over the pairs of a sample;  dW[row] = Σ value dy;  db = Σ dy.

    Shapes:
        keys integers, values; keys of a sample may repeat
        x [keys (n,), values (n,)] → y (output_size,); [[keys, ...], [values, ...]], N of each → (N, output_size);
        [keys, values, sizes (N,)], with all samples concatenated → (N, output_size)
        weight W (input_size, output_size), bias b (output_size,)
        with normalize, weight (input_size, 4 + output_size), of which W is the columns from 4 on
    With normalize, a value is replaced by value / m + weight[row, 3], where m = weight[row, 0] is the maximum |value|
    of the key so far in training, and weight[row, 1] = 1 / m; in evaluation mode a larger value is replaced by ±1.
    dx is an empty list. With do_grad_input it has the structure of x, keys 0..input_size − 1 and values dy Wᵀ for
    each sample; [(N, input_size), (N, input_size)] for x with sizes.
    If the attribute weight_decay is set, an update multiplies W[row] by 1 − weight_decay once for each of its pairs.
    Initially all is 0, unless ``weight`` and ``bias`` are given, which then also determine the sizes. ``reset``
    samples W from U(−s, s), s = 1/√(columns of weight), and bias from U(−s, s) / 10⁶.
    Errors: ShapeError if x is not of these shapes, or a key is out of range; ArgumentError for sizes below 1;
    ModuleError for the backward pass of do_grad_input with normalize.
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
        self.require_sizes(input_size, output_size)
        self.do_grad_input = do_grad_input
        self.keys_offset = keys_offset
        self.normalize = normalize
        before = COLUMN_COUNT if normalize else 0
        self.weight, self.grad_weight = create_parameter(weight, input_size, before + output_size)
        self.bias, self.grad_bias = create_parameter(bias, self.weight.shape[1] - before)
        if self.weight.ndim != 2 or self.bias.shape != (self.weight.shape[1] - before,):
            shapes = f"{self.weight.shape} and {self.bias.shape}"
            raise self.argument_error(f"expected a weight of two axes and a bias of its width, got {shapes}")

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
            raise self.shape_error("equal numbers of keys and values in every sample", x)
        keys = np.concatenate([np.empty(0, np.intp), *map(np.asarray, key_parts)])
        values = np.concatenate([np.empty(0, np.float32), *map(np.asarray, value_parts)])
        if keys.ndim != 1 or (len(x) == 3 and np.sum(x[2]) != len(keys)):
            raise self.shape_error("keys, values and sizes of one axis, where the sizes sum to the number of keys", x)
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
        """Return 1 / m for each pair; m is updated pair by pair."""
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
            raise ModuleError("there is no gradient of the input with normalize; remove do_grad_input")
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
            gradients = dy.reshape(-1, len(self.bias))[pairs.samples]
            terms = np.einsum("po,po->p", gradients, self.get_rows(self.weight)[pairs.keys])
            np.add.at(self.grad_weight[:, KEY_BIAS], pairs.keys, scale * terms)
        if self.weight_decay:
            counts = np.bincount(pairs.keys, minlength=len(self.weight))
            self._seen = counts if self._seen is None else self._seen + counts

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
    """Return the array as a parameter (default: zeros), and its gradient."""
    if array is None:
        return parameter(*shape)
    kept: Array = np.asarray(array) if is_array(array) else np.asarray(array, np.float32)
    return kept, np.zeros_like(kept)
