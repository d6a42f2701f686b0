"""The fields in which Torch's classes keep their parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings.arguments import describe_value, number

__all__ = ["BIAS", "BOTH", "PLANES", "STATISTICS", "WEIGHT", "build_window_arguments", "get_tensor_shape", "has_bias"]

WEIGHT = {"weight": "weight", "grad_weight": "gradWeight"}
BIAS = {"bias": "bias", "grad_bias": "gradBias"}
BOTH = {**WEIGHT, **BIAS}
STATISTICS = {"running_mean": "running_mean", "running_var": "running_var"}


def get_tensor_shape(fields: TorchFields, name: str, axes: int) -> tuple[int, ...]:
    """The shape of a tensor that must be there, of so many axes. ValueError if it is another."""
    tensor: Any = fields.get(name)
    if not isinstance(tensor, np.ndarray) or tensor.ndim != axes:
        raise ValueError(f"expected a tensor of {axes} axes in the field {name!r}, got {describe_value(tensor)}")
    return tensor.shape


def has_bias(fields: TorchFields) -> bool:
    """Whether there is a bias: a field that is absent or nil says no."""
    return fields.get("bias") is not None


PLANES = (number("n_input_plane", "nInputPlane"), number("n_output_plane", "nOutputPlane"))


def build_window_arguments(what: str, axes: str) -> tuple[Torch7Argument, ...]:
    """Arguments such as kw and kh of the fields kW and kH, for each of the axes: ``windows("k", "WH")``.

    Names that are longer than a letter are set apart by a low line with us: pad_w.
    """
    between = "" if len(what) == 1 else "_"
    return tuple(number(f"{what}{between}{axis.lower()}", f"{what}{axis}") for axis in axes)
