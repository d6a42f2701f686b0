"""Normalizations."""

from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.derivation import MappingBuilder, derive


def update_statistics(fields: TorchFields, version: int) -> TorchFields:
    """Convert running_std = 1 / √(variance + eps) of version 1."""
    if version >= 2 or fields.get("running_var") is not None:
        return fields
    inverse = fields.get("running_std")
    if not isinstance(inverse, np.ndarray):
        raise ValueError("expected running_var, or running_std of version 1")
    reserve_elements(*inverse.shape)
    return {**fields, "running_var": inverse**-2.0 - float(fields.get("eps", 1e-5))}


def build_subtractive_fields(module: Any, go: Any) -> dict[str, Any]:
    """The modules that subtract the local mean, with its correction at the borders."""
    mean, divide = composites.build_averaging(module), {"type": "CDivTable"}
    fields = composites.build_fields(module, go, meanestimator=mean, subtractor={"type": "CSubTable"}, divider=divide)
    return {**fields, "coef": np.ones((1, 1, 1))}


def build_divisive_fields(module: Any, go: Any) -> dict[str, Any]:
    """The modules that divide by the local standard deviation."""
    fields = composites.build_fields(
        module,
        go,
        meanestimator=composites.build_averaging(module),
        stdestimator=composites.build_averaging(module, deviation=True),
        thresholder={"type": "Threshold", "threshold": module.threshold, "value": module.thresval},
        normalizer={"type": "CDivTable"},
        divider={"type": "CDivTable"},
    )
    return {**fields, "coef": np.ones((1, 1, 1))}


def build_contrastive_fields(module: Any, go: Any) -> dict[str, Any]:
    """The two normalizations as one Sequential."""
    return composites.build_fields(module, go, normalizer={"type": "Sequential", "modules": list(module.modules)})


NAMES = ("BatchNormalization", "SpatialBatchNormalization", "VolumetricBatchNormalization")

NORMALIZATIONS: dict[str, MappingBuilder] = {
    **dict.fromkeys(
        NAMES,
        derive(
            sizes=("running_mean", "n_output"),
            extra=lambda m, go: {"affine": m.weight is not None, "save_mean": np.empty(0), "save_std": np.empty(0)},
            version=2,
            updated=update_statistics,
        ),
    ),
    "SpatialCrossMapLRN": derive(),
    "SpatialSubtractiveNormalization": derive(extra=build_subtractive_fields),
    "SpatialDivisiveNormalization": derive(extra=build_divisive_fields),
    "SpatialContrastiveNormalization": derive(extra=build_contrastive_fields),
}
