"""Each number with an embedding of learned cosines."""

import numpy as np

from nntrain.compute import random
from nntrain.nn import Array, Module, initial_stream, parameter, writes


class PeriodicEmbedding(Module):
    """y_i = [x_i, L_i z_i + c_i], z_i = cos(2π x_i w_i + b_i), for each of the numbers x_i of a row.

    With dy_i = [d_i, e_i] and a_i = −sin(2π x_i w_i + b_i) ∘ L_iᵀ e_i:
    dx_i = d_i + 2π w_i · a_i;  dw_i = 2π Σ x_i a_i;  db_i = Σ a_i;  dL_i = Σ e_i z_iᵀ;  dc_i = Σ e_i.

    Shapes:
        x (N, input_size) → y (N, input_size · (1 + embedding_size)): y_0, then y_1, ...
        w: frequency (input_size, n_frequencies), b: phase (input_size, n_frequencies)
        L: weight (input_size, embedding_size, n_frequencies), c: bias (input_size, embedding_size)
    Initially w is N(0, sigma²), b is U(−π, π), L and c are U(−s, s), s = 1/√n_frequencies.
    Errors: ArgumentError for sizes below 1 or a negative sigma; ShapeError for another number of columns.
    Source: Gorishniy et al., "On Embeddings for Numerical Features in Tabular Deep Learning", 2022, eq. 2; with the
    phase and x itself: Holzmüller et al., "Better by Default", 2024 (PBLD).
    """

    parameter_names = ("frequency", "phase", "weight", "bias")
    inferred = {"input_size": -1}

    def __init__(self, input_size: int, n_frequencies: int = 16, embedding_size: int = 3, sigma: float = 0.1) -> None:
        self.require_sizes(input_size, n_frequencies, embedding_size)
        if not sigma >= 0:
            raise self.argument_error(f"expected a sigma of at least 0, got {sigma}")
        self.input_size = input_size
        self.n_frequencies = n_frequencies
        self.embedding_size = embedding_size
        self.sigma = sigma
        self.frequency, self.grad_frequency = parameter(input_size, n_frequencies)
        self.phase, self.grad_phase = parameter(input_size, n_frequencies)
        self.weight, self.grad_weight = parameter(input_size, embedding_size, n_frequencies)
        self.bias, self.grad_bias = parameter(input_size, embedding_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        self.frequency[...] = initial_stream().normal(0, self.sigma, self.frequency.shape)
        random.fill_uniform(self.phase, -np.pi, np.pi)
        random.fill_by_fan_in(self.n_frequencies, stdv, self.weight, self.bias)

    # In the buffers the rows are the last axis, which the loops of NumPy run along.

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        self.require(x, 2, size=self.input_size, expected=f"an input of shape (N, {self.input_size})")
        columns, angle, z, y = self.get_buffers(x)
        np.copyto(columns, x.T[:, None])
        np.multiply(columns, 2 * np.pi * self.frequency[:, :, None], out=angle)
        np.add(angle, self.phase[:, :, None], out=angle)
        np.cos(angle, out=z)
        y[:, :1] = columns
        np.matmul(self.weight, z, out=y[:, 1:])
        np.add(y[:, 1:], self.bias[:, :, None], out=y[:, 1:])
        rows = self.output_of((len(x), self.input_size * (1 + self.embedding_size)), like=x)
        np.copyto(rows.reshape(len(x), self.input_size, -1), y.transpose(2, 0, 1))
        return rows

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx, (_, angle, _, _) = self.grad_input_of(x), self.get_buffers(x)
        e, a = self.get_gradient_buffers(x)
        d = self.buffer("d", (self.input_size, 1, len(x)), like=x)
        given = dy.reshape(len(x), self.input_size, -1).transpose(1, 2, 0)
        np.copyto(e, given[:, 1:])
        np.matmul(self.weight.transpose(0, 2, 1), e, out=a)
        sine = self.buffer("sine", angle.shape, like=x)
        np.multiply(a, np.negative(np.sin(angle, out=sine), out=sine), out=a)
        np.matmul(2 * np.pi * self.frequency[:, None], a, out=d)
        np.add(d[:, 0].T, given[:, 0].T, out=dx)
        return dx

    @writes("frequency", "phase", "weight", "bias")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        (columns, _, z, _), (e, a) = self.get_buffers(x), self.get_gradient_buffers(x)
        self.accumulate("frequency", 2 * np.pi * scale, multiply_rows, a, columns[:, 0])
        self.accumulate("phase", scale, sum_last_axis, a)
        self.accumulate("weight", scale, np.matmul, e, z.transpose(0, 2, 1))
        self.accumulate("bias", scale, sum_last_axis, e)

    def get_buffers(self, x: Array) -> tuple[Array, Array, Array, Array]:
        """Return the buffers of x (n, 1, N), 2π x w + b and z (n, F, N), and y (n, 1 + E, N)."""
        n, F, E, N = self.input_size, self.n_frequencies, self.embedding_size, len(x)
        shapes = {"columns": (n, 1, N), "angle": (n, F, N), "z": (n, F, N), "y": (n, 1 + E, N)}
        columns, angle, z, y = (self.buffer(name, shape, like=x) for name, shape in shapes.items())
        return columns, angle, z, y

    def get_gradient_buffers(self, x: Array) -> tuple[Array, Array]:
        """Return the buffers of e (n, E, N) and a (n, F, N), which ``update_grad_input`` fills."""
        e = self.buffer("e", (self.input_size, self.embedding_size, len(x)), like=x)
        return e, self.buffer("a", (self.input_size, self.n_frequencies, len(x)), like=x)

    def label(self) -> str:
        return f"{type(self).__name__}({self.input_size} -> {self.input_size * (1 + self.embedding_size)})"


def multiply_rows(a: Array, x: Array, out: Array) -> None:
    """out_i ← a_i x_i, a (n, F, N), x (n, N), out (n, F)."""
    np.matmul(a, x[:, :, None], out=out[:, :, None])


def sum_last_axis(a: Array, out: Array) -> None:
    """out ← Σ a over its last axis."""
    np.sum(a, axis=-1, out=out)
