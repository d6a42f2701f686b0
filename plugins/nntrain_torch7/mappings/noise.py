"""Stochastic layers."""

import numpy as np

from nntrain_torch7.mappings.derivation import MappingBuilder, derive

# Torch7 stores the noise of the last pass in a field.
NOISE: dict[str, MappingBuilder] = {
    "Dropout": derive(
        omitted={"v1"},
        # Version 1 of Dropout has no ``v2``.
        derived=lambda fields: {"v1": not fields.get("v2", False)},
        extra=lambda m, go: {"v2": not m.get_arguments().get("v1", False), "noise": np.empty(0)},
    ),
    **dict.fromkeys(("SpatialDropout", "VolumetricDropout", "WhiteNoise"), derive(extra={"noise": np.empty(0)})),
}
