"""y = W x + b for a sparse x."""

import numpy as np

from nntrain.compute.array import Array, IntArray, Value, is_array, is_table
from nntrain.nn.input_arrays import to_indices
from nntrain.nn.parameter import parameter
from nntrain_linear.sparse_affine import SparseAffine, SparsePairs, repeat_sample_indices


class SparseLinear(SparseAffine):
    """y = b + Σ value · W[:, index] over the elements of a sparse x;  dW[:, index] = Σ value dy;  db = Σ dy.

    Shapes:
        a sample (nnz, 2): indices 0..input_size − 1 in column 0, values in column 1, in any order; values with the
        same index are summed
        x one sample → y (output_size,); a list of N samples → (N, output_size); (N, nnz, 2) → (N, output_size);
        an empty list → (output_size,), which is b
        weight W (output_size, input_size), bias b (output_size,)
    dx is an empty list. With do_grad_input it is dy W with its indices, (input_size, 2) for each sample, in a list;
    (N, input_size, 2) for x (N, nnz, 2).
    weight_decay adds scale · weight_decay · W to dW in each accumulation.
    Initially weight is U(−s, s), s = 1/√input_size, and bias U(−s, s) / 10⁶.
    Errors: ShapeError if x is not of these shapes, or an index is out of range; ArgumentError for sizes below 1, or
    a weight_decay below 0.
    Source: torch/nn, SparseLinear.lua.
    """

    mutable_arguments = ("weight_decay",)

    def __init__(self, input_size: int, output_size: int, do_grad_input: bool = False, weight_decay: float = 0) -> None:
        self.require_sizes(input_size, output_size)
        if weight_decay < 0:
            raise self.argument_error(f"expected a weight_decay of at least 0, got {weight_decay}")
        self.do_grad_input = do_grad_input
        self.weight_decay = weight_decay
        self.weight, self.grad_weight = parameter(output_size, input_size)
        self.bias, self.grad_bias = parameter(output_size)
        self.reset()

    def get_rows(self, weight: Array) -> Array:
        return weight.T

    def get_pairs(self, x: Value) -> SparsePairs:
        single = is_array(x) and x.ndim == 2
        samples = x[None] if single else x
        numbers, pairs = self._join_samples(samples, x)
        nonzero = pairs[:, 1] != 0  # zeros pad the samples of a batch, with any index
        keys = to_indices(self, "keys", pairs[nonzero, 0], self.weight.shape[1])
        empty = is_table(x) and not samples
        return SparsePairs(numbers[nonzero], keys, pairs[nonzero, 1], len(samples) + empty, single or empty)

    def _join_samples(self, samples: Value, x: Value) -> tuple[IntArray, Array]:
        """The sample index of each element, and the elements of all samples. ShapeError if x is not such samples."""
        if is_array(samples) and samples.ndim == 3 and samples.shape[2] == 2:
            return repeat_sample_indices([samples.shape[1]] * len(samples)), samples.reshape(-1, 2)
        rows = list(samples)
        if not all(is_array(row) and row.ndim == 2 and row.shape[1] == 2 for row in rows):
            raise self.shape_error("samples of shape (nnz, 2)", x)
        pairs = np.concatenate(rows) if rows else np.empty((0, 2), self.weight.dtype)
        return repeat_sample_indices([len(row) for row in rows]), pairs

    def update_grad_input(self, x: Value, dy: Array) -> Value:
        if not self.do_grad_input or not len(x):
            self.grad_input = []
            return self.grad_input
        dy = dy.reshape(-1, len(self.bias))
        size = self.weight.shape[1]
        dense = self.buffer("dense", (len(dy), size, 2), like=dy)
        dense[:, :, 0] = np.arange(size)
        np.matmul(dy, self.weight, out=dense[:, :, 1])
        self.grad_input = dense if is_array(x) and x.ndim == 3 else list(dense)
        return self.grad_input

    def acc_grad_parameters(self, x: Value, dy: Array, scale: float = 1) -> None:
        super().acc_grad_parameters(x, dy, scale)
        if self.weight_decay:
            decay = self.buffer("decay", self.weight.shape, like=self.weight)
            np.multiply(self.weight, scale * self.weight_decay, out=decay)
            np.add(self.grad_weight, decay, out=self.grad_weight)
