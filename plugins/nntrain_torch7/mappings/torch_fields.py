"""The fields of Torch7's classes with parameters and window sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings.arguments import describe_value, number

WEIGHT = {"weight": "weight", "grad_weight": "gradWeight"}
BIAS = {"bias": "bias", "grad_bias": "gradBias"}
BOTH = {**WEIGHT, **BIAS}
STATISTICS = {"running_mean": "running_mean", "running_var": "running_var"}


def get_tensor_shape(fields: TorchFields, name: str, axes: int) -> tuple[int, ...]:
    """Return the shape of a tensor with this number of axes. ValueError for another value."""
    tensor: Any = fields.get(name)
    if not isinstance(tensor, np.ndarray) or tensor.ndim != axes:
        raise ValueError(f"expected a tensor of {axes} axes in the field {name!r}, got {describe_value(tensor)}")
    return tensor.shape


def read_sizes(field: str, *arguments: str, bias: bool = False) -> Callable[[TorchFields], dict[str, Any]]:
    """Return a reader of arguments that are the sizes of a tensor, and with ``bias`` of whether there is a bias."""

    def read(fields: TorchFields) -> dict[str, Any]:
        sizes = dict(zip(arguments, get_tensor_shape(fields, field, len(arguments)), strict=True))
        return {**sizes, "bias": has_bias(fields)} if bias else sizes

    return read


def has_bias(fields: TorchFields) -> bool:
    """Whether the field of the bias exists and is not nil."""
    return fields.get("bias") is not None


PLANES = (number("n_input_plane", "nInputPlane"), number("n_output_plane", "nOutputPlane"))


def build_window_arguments(prefix: str, axes: str) -> tuple[Torch7Argument, ...]:
    """Return arguments such as kw and kh for the fields kW and kH: ``build_window_arguments("k", "WH")``.

    A prefix longer than one character gets an underscore: pad_w for padW.
    """
    between = "" if len(prefix) == 1 else "_"
    return tuple(number(f"{prefix}{between}{axis.lower()}", f"{prefix}{axis}") for axis in axes)
