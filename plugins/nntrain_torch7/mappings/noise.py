"""Stochastic layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.mappings.arguments import boolean, number

# Torch7 stores the noise of the last pass in a field.
BUFFER = {"noise": np.empty(0)}


def parse_dropout(fields: TorchFields) -> dict[str, Any]:
    """Version 1 of Dropout has no ``v2``."""
    return {"v1": not fields.get("v2", False)}


NOISE = (
    Torch7Mapping(
        "Dropout",
        (number("p"), boolean("inplace"), boolean("stochastic_inference", "stochasticInference")),
        derived=parse_dropout,
        extra=lambda m, go: {"v2": not m.get_arguments().get("v1", False), **BUFFER},
    ),
    *(
        Torch7Mapping(
            name, (number("p"), boolean("stochastic_inference", "stochasticInference")), extra=lambda m, go: BUFFER
        )
        for name in ("SpatialDropout", "VolumetricDropout")
    ),
    Torch7Mapping("WhiteNoise", (number("mean"), number("std")), extra=lambda m, go: BUFFER),
)
