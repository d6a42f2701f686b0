"""y = Σ G[k] E[k], experts weighted by a gate."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, Value, is_array, is_table, resolve_axis
from nntrain.errors import ShapeError
from nntrain.nn.module import Module
from nntrain_table.slices import split_axis


class MixtureTable(Module):
    """y = Σ_k G[..., k] E[k], x = [G, E];  dG[..., k] = Σ dy E[k];  dE[k] = G[..., k] dy.

    Shapes:
        G (n,): E a list of n arrays of one shape, or one array with n slices along dim → y in the shape of a slice
        G (N, n): the same, with N as the first axis of every slice
        dim counts the axes of the array E, including the batch (default: 0 for one sample, 1 for a batch)
    Errors: ShapeError unless there is one gate for each expert, and the experts fit each other and the batch.
    Source: torch/nn, MixtureTable.lua.
    """

    takes_table = True

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def update_output(self, x: Sequence[Value]) -> Array:
        gate, experts = self._split_input(x)
        y = self.output_of(experts[0].shape, like=experts[0])
        term = self.buffer("term", y.shape, like=y)
        np.multiply(reshape_gate(gate, 0, y.ndim), experts[0], out=y)
        for k in range(1, len(experts)):
            np.multiply(reshape_gate(gate, k, y.ndim), experts[k], out=term)
            np.add(y, term, out=y)
        return y

    def update_grad_input(self, x: Sequence[Value], dy: Array) -> list[Value]:
        gate, experts = self._split_input(x)
        dgate, dexperts = dx = self.grad_inputs_of(x)
        term = self.buffer("term", dy.shape, like=experts[0])
        rows = term.reshape(len(term) if gate.ndim == 2 else 1, -1)
        for k, dexpert in enumerate(dexperts if is_table(dexperts) else split_axis(dexperts, self._get_axis(x))):
            np.multiply(dy, experts[k], out=term)
            np.sum(rows, axis=1, out=dgate.reshape(len(rows), -1)[:, k])
            np.multiply(reshape_gate(gate, k, dy.ndim), dy, out=dexpert)
        return dx

    def _split_input(self, x: Value) -> tuple[Array, Sequence[Array]]:
        """The gate and the experts. ShapeError if they do not fit."""
        if not is_table(x) or len(x) != 2 or not is_array(x[0]) or x[0].ndim not in (1, 2) or not has_arrays(x[1]):
            raise self.shape_error("a list of a gate (n,) or (N, n) and experts", x)
        gate = x[0]
        experts = x[1] if is_table(x[1]) else split_axis(x[1], self._get_axis(x))
        if len(experts) != gate.shape[-1] or not experts:
            counts = f"{gate.shape[-1]} gates and {len(experts)} experts"
            raise self.add_location(ShapeError(f"expected one gate for each expert, got {counts}"))
        if any(expert.shape != experts[0].shape for expert in experts):
            raise self.shape_error("experts of one shape", x)
        if gate.ndim == 2 and experts[0].shape[:1] != gate.shape[:1]:
            raise self.shape_error(f"experts for a batch of {len(gate)}", x)
        return gate, experts

    def _get_axis(self, x: Sequence[Array]) -> int:
        """The axis of the array E that indexes the experts."""
        gate, experts = x
        batch = gate.ndim - 1
        axis = resolve_axis(experts, batch if self.dim is None else self.dim)
        if axis is None or axis < batch:
            raise self.shape_error(f"an array of experts along axis {batch if self.dim is None else self.dim}", x)
        return axis


def has_arrays(experts: Value) -> bool:
    """Whether the experts are an array or a list of arrays."""
    return all(map(is_array, experts)) if is_table(experts) else is_array(experts)


def reshape_gate(gate: Array, k: int, ndim: int) -> Array:
    """The gate of expert k, to broadcast with an expert of ``ndim`` axes."""
    column = gate[..., k]
    return column.reshape(column.shape + (1,) * (ndim - column.ndim))
