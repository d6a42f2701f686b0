"""Layers that draw noise in training."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.classes.argument import flag, number

__all__ = ["NOISE"]

# Torch keeps the noise of the last pass in a field.
BUFFER = {"noise": np.empty(0)}


def dropped(fields: TorchFields) -> dict[str, Any]:
    """The first version of Dropout has no ``v2``."""
    return {"v1": not fields.get("v2", False)}


NOISE = (
    Torch7Mapping(
        "Dropout",
        (number("p"), flag("inplace"), flag("stochastic_inference", "stochasticInference")),
        derived=dropped,
        extra=lambda m, go: {"v2": not m.get_arguments().get("v1", False), **BUFFER},
    ),
    *(
        Torch7Mapping(
            name, (number("p"), flag("stochastic_inference", "stochasticInference")), extra=lambda m, go: BUFFER
        )
        for name in ("SpatialDropout", "VolumetricDropout")
    ),
    Torch7Mapping("WhiteNoise", (number("mean"), number("std")), extra=lambda m, go: BUFFER),
)
