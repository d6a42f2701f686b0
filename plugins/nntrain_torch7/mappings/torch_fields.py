"""The fields of Torch7's classes with parameters."""

from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings.conversions import describe_value

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


def has_bias(fields: TorchFields) -> bool:
    """Whether the field of the bias exists and is not nil."""
    return fields.get("bias") is not None
