"""The fields in which Torch's classes keep their parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.classes.argument import spoken

__all__ = ["BIAS", "BOTH", "STATISTICS", "WEIGHT", "has_bias", "shape_of"]

WEIGHT = {"weight": "weight", "grad_weight": "gradWeight"}
BIAS = {"bias": "bias", "grad_bias": "gradBias"}
BOTH = {**WEIGHT, **BIAS}
STATISTICS = {"running_mean": "running_mean", "running_var": "running_var"}


def shape_of(fields: TorchFields, name: str, axes: int) -> tuple[int, ...]:
    """The shape of a tensor that must be there, of so many axes. ValueError if it is another."""
    tensor: Any = fields.get(name)
    if not isinstance(tensor, np.ndarray) or tensor.ndim != axes:
        raise ValueError(f"expected a tensor of {axes} axes in the field {name!r}, got {spoken(tensor)}")
    return tensor.shape


def has_bias(fields: TorchFields) -> bool:
    """Whether there is a bias: a field that is absent or nil says no."""
    return fields.get("bias") is not None
