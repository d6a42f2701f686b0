"""Axes as arguments: counted within one sample or in the whole array, from the front or from the end."""

from __future__ import annotations

from nntrain.nn.array import Array

__all__ = ["axis_of", "shifted"]


def shifted(dim: int, ndim: int, n_input_dims: int | None) -> int:
    """``dim`` in an array of ``ndim`` axes, where one sample has ``n_input_dims`` of them (None: dim is as it is).

    With exactly one axis more the first is the batch, and a ``dim`` from the front moves by one; a ``dim`` from
    the end stays.
    """
    return dim + 1 if dim >= 0 and n_input_dims is not None and ndim == n_input_dims + 1 else dim


def axis_of(x: Array, dim: int, n_input_dims: int | None = None) -> int | None:
    """The axis of ``x`` that ``dim`` means, counted from the front; None if ``x`` has no such axis."""
    axis = shifted(dim, x.ndim, n_input_dims)
    return axis % x.ndim if -x.ndim <= axis < x.ndim else None
