"""Normalizations of batches, and of neighbourhoods."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain_torch7.classes.argument import array, number
from nntrain_torch7.classes.description import Description, Fields
from nntrain_torch7.classes.weights import BOTH, STATISTICS, shape_of

__all__ = ["NORMALIZATIONS"]


def updated(fields: Fields, version: int) -> Fields:
    """Version 1 kept running_std = 1 / √(variance + eps)."""
    if version >= 2 or fields.get("running_var") is not None:
        return fields
    kept = fields.get("running_std")
    if not isinstance(kept, np.ndarray):
        raise ValueError("expected running_var, or running_std of the first version")
    return {**fields, "running_var": kept**-2.0 - float(fields.get("eps", 1e-5))}


def batch(fields: Fields) -> dict[str, Any]:
    """running_mean (n_output,); affine if there is a weight."""
    (features,) = shape_of(fields, "running_mean", 1)
    return {"n_output": features, "affine": fields.get("weight") is not None}


def kept(module: Any, go: Any) -> dict[str, Any]:
    """Whether there is a weight, and what a pass keeps."""
    return {"affine": module.weight is not None, "save_mean": np.empty(0), "save_std": np.empty(0)}


PLANES, KERNEL = number("n_input_plane", "nInputPlane"), array("kernel")
THRESHOLD = (number("threshold"), number("thresval"))

NORMALIZATIONS = (
    *(
        Description(
            name,
            (number("eps"), number("momentum")),
            derived=batch,
            arrays={**BOTH, **STATISTICS},
            extra=kept,
            version=2,
            updated=updated,
        )
        for name in ("BatchNormalization", "SpatialBatchNormalization", "VolumetricBatchNormalization")
    ),
    Description("SpatialCrossMapLRN", (number("size"), number("alpha"), number("beta"), number("k"))),
    Description("SpatialSubtractiveNormalization", (PLANES, KERNEL)),
    Description("SpatialDivisiveNormalization", (PLANES, KERNEL, *THRESHOLD)),
    Description("SpatialContrastiveNormalization", (PLANES, KERNEL, *THRESHOLD)),
)
