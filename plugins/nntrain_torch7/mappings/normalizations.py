"""Normalizations."""

from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.derivation import MappingBuilder, derive
from nntrain_torch7.mappings.torch_fields import BOTH, STATISTICS, get_tensor_shape


def update_statistics(fields: TorchFields, version: int) -> TorchFields:
    """Convert running_std = 1 / √(variance + eps) of version 1."""
    if version >= 2 or fields.get("running_var") is not None:
        return fields
    inverse = fields.get("running_std")
    if not isinstance(inverse, np.ndarray):
        raise ValueError("expected running_var, or running_std of version 1")
    reserve_elements(*inverse.shape)
    return {**fields, "running_var": inverse**-2.0 - float(fields.get("eps", 1e-5))}


def parse_batch_normalization(fields: TorchFields) -> dict[str, Any]:
    """running_mean (n_output,); affine if there is a weight."""
    (features,) = get_tensor_shape(fields, "running_mean", 1)
    return {"n_output": features, "affine": fields.get("weight") is not None}


def build_batch_fields(module: Any, go: Any) -> dict[str, Any]:
    """Whether there is a weight, and the buffers."""
    return {"affine": module.weight is not None, "save_mean": np.empty(0), "save_std": np.empty(0)}


def build_subtractive_fields(module: Any, go: Any) -> dict[str, Any]:
    """The modules that subtract the local mean, with its correction at the borders."""
    estimator = composites.build_mean(module.kernel, module.n_input_plane, module, go)
    subtractor, divider = composites.build_like(module, {"type": "CSubTable"}, {"type": "CDivTable"})
    return {
        "meanestimator": estimator,
        "subtractor": go(subtractor),
        "divider": go(divider),
        "coef": np.ones((1, 1, 1)),
    }


def build_divisive_fields(module: Any, go: Any) -> dict[str, Any]:
    """The modules that divide by the local standard deviation."""
    threshold = {"type": "Threshold", "threshold": module.threshold, "value": module.thresval}
    thresholder, normalizer, divider = composites.build_like(
        module, threshold, {"type": "CDivTable"}, {"type": "CDivTable"}
    )
    return {
        "meanestimator": composites.build_mean(module.kernel, module.n_input_plane, module, go),
        "stdestimator": composites.build_deviation(module.kernel, module.n_input_plane, module, go),
        "thresholder": go(thresholder),
        "normalizer": go(normalizer),
        "divider": go(divider),
        "coef": np.ones((1, 1, 1)),
    }


def build_contrastive_fields(module: Any, go: Any) -> dict[str, Any]:
    """The two normalizations as one Sequential."""
    (normalizer,) = composites.build_like(module, {"type": "Sequential", "modules": list(module.modules)})
    return {"normalizer": go(normalizer)}


NAMES = ("BatchNormalization", "SpatialBatchNormalization", "VolumetricBatchNormalization")

NORMALIZATIONS: dict[str, MappingBuilder] = {
    **dict.fromkeys(
        NAMES,
        derive(
            omitted={"n_output"},
            derived=parse_batch_normalization,
            arrays={**BOTH, **STATISTICS},
            extra=build_batch_fields,
            version=2,
            updated=update_statistics,
        ),
    ),
    "SpatialCrossMapLRN": derive(),
    "SpatialSubtractiveNormalization": derive(extra=build_subtractive_fields),
    "SpatialDivisiveNormalization": derive(extra=build_divisive_fields),
    "SpatialContrastiveNormalization": derive(extra=build_contrastive_fields),
}
