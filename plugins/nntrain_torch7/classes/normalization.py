"""Normalizations of batches, and of neighbourhoods."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.classes import assembled
from nntrain_torch7.classes.argument import array, number
from nntrain_torch7.classes.weights import BOTH, STATISTICS, shape_of

__all__ = ["NORMALIZATIONS"]


def updated(fields: TorchFields, version: int) -> TorchFields:
    """Version 1 kept running_std = 1 / √(variance + eps)."""
    if version >= 2 or fields.get("running_var") is not None:
        return fields
    kept = fields.get("running_std")
    if not isinstance(kept, np.ndarray):
        raise ValueError("expected running_var, or running_std of the first version")
    reserve_elements(*kept.shape)
    return {**fields, "running_var": kept**-2.0 - float(fields.get("eps", 1e-5))}


def batch(fields: TorchFields) -> dict[str, Any]:
    """running_mean (n_output,); affine if there is a weight."""
    (features,) = shape_of(fields, "running_mean", 1)
    return {"n_output": features, "affine": fields.get("weight") is not None}


def kept(module: Any, go: Any) -> dict[str, Any]:
    """Whether there is a weight, and what a pass keeps."""
    return {"affine": module.weight is not None, "save_mean": np.empty(0), "save_std": np.empty(0)}


def subtracted(module: Any, go: Any) -> dict[str, Any]:
    """What takes the mean of a neighbourhood, and its correction at the borders."""
    estimator = assembled.means(module.kernel, module.n_input_plane, module, go)
    subtractor, divider = assembled.made(module, {"type": "CSubTable"}, {"type": "CDivTable"})
    return {
        "meanestimator": estimator,
        "subtractor": go(subtractor),
        "divider": go(divider),
        "coef": np.ones((1, 1, 1)),
    }


def divided(module: Any, go: Any) -> dict[str, Any]:
    """What takes the deviations of a neighbourhood: its mean of squares, and the root."""
    threshold = {"type": "Threshold", "threshold": module.threshold, "value": module.thresval}
    thresholder, normalizer, divider = assembled.made(module, threshold, {"type": "CDivTable"}, {"type": "CDivTable"})
    return {
        "meanestimator": assembled.means(module.kernel, module.n_input_plane, module, go),
        "stdestimator": assembled.deviations(module.kernel, module.n_input_plane, module, go),
        "thresholder": go(thresholder),
        "normalizer": go(normalizer),
        "divider": go(divider),
        "coef": np.ones((1, 1, 1)),
    }


def contrasted(module: Any, go: Any) -> dict[str, Any]:
    """The mean taken off, then divided by the deviation."""
    (normalizer,) = assembled.made(module, {"type": "Sequential", "modules": list(module.modules)})
    return {"normalizer": go(normalizer)}


PLANES, KERNEL = number("n_input_plane", "nInputPlane"), array("kernel")
THRESHOLD = (number("threshold"), number("thresval"))

NORMALIZATIONS = (
    *(
        Torch7Mapping(
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
    Torch7Mapping("SpatialCrossMapLRN", (number("size"), number("alpha"), number("beta"), number("k"))),
    Torch7Mapping("SpatialSubtractiveNormalization", (PLANES, KERNEL), extra=subtracted),
    Torch7Mapping("SpatialDivisiveNormalization", (PLANES, KERNEL, *THRESHOLD), extra=divided),
    Torch7Mapping("SpatialContrastiveNormalization", (PLANES, KERNEL, *THRESHOLD), extra=contrasted),
)
