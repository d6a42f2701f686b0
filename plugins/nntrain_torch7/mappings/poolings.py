"""Poolings."""

from copy import deepcopy
from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.conversions import to_array, to_sequence
from nntrain_torch7.mappings.derivation import MappingBuilder, derive

INDICES = {"indices": np.empty(0, np.int64)}
STEPS = ("kw", "kh", "dw", "dh")


def parse_lp_pooling(fields: TorchFields) -> dict[str, Any]:
    """Derive the arguments from a Sequential of power, pooling (SpatialSubSampling in old files) and root."""
    power, pooling = (module for module in to_sequence(fields.get("modules"))[:2])
    weight = pooling.fields.get("weight")
    channels = fields.get("nInputPlane", 1) if weight is None else len(weight)
    steps = {name: int(pooling.fields[torch]) for name, torch in zip(STEPS, ("kW", "kH", "dW", "dH"), strict=True)}
    p = 2 if power.name.endswith(".Square") else power.fields["pow"]
    return {"n_input_plane": int(channels), "pnorm": p, **steps}


def build_lp_fields(module: Any, go: Any) -> dict[str, Any]:
    """The modules, and the number of channels, which they do not contain."""
    channels = float(module.get_arguments()["n_input_plane"])
    return {**composites.map_sequential(module, go), "nInputPlane": channels}


def parse_samples(fields: TorchFields) -> dict[str, Any]:
    """Whether the regions are fixed, and their samples: Torch7 also stores the last samples of other regions."""
    if fields.get("fixPoolingRegions") is not True:
        return {}
    samples = fields.get("randomSamples")
    return {"fix_pooling_regions": True, **({} if samples is None else {"random_samples": to_array(samples)})}


def build_sample_fields(module: Any, go: Any) -> dict[str, Any]:
    """The samples of fixed regions."""
    given = module.get_arguments()
    samples = given.get("random_samples")
    fields = {} if samples is None else {"randomSamples": np.array(samples, np.float64)}
    fixed = {"fixPoolingRegions": True} if given.get("fix_pooling_regions") or fields else {}
    return {**deepcopy(INDICES), **fields, **fixed}


NAMES = (
    *("SpatialMaxUnpooling", "SpatialSubSampling", "TemporalDynamicKMaxPooling", "TemporalMaxPooling"),
    *("TemporalSubSampling", "VolumetricAveragePooling", "VolumetricMaxUnpooling"),
)
POOL_SIZES = {"kt": "poolSizeT", "kw": "poolSizeW", "kh": "poolSizeH"}
ADAPTIVE = {"out_w": "W", "out_h": "H"}

POOLINGS: dict[str, MappingBuilder] = {
    **dict.fromkeys(NAMES, derive()),
    **dict.fromkeys(
        ("SpatialMaxPooling", "SpatialDilatedMaxPooling", "VolumetricDilatedMaxPooling"), derive(extra=INDICES)
    ),
    "VolumetricMaxPooling": derive(extra=INDICES, version=2),
    "SpatialAveragePooling": derive(extra={"divide": True}),
    "SpatialAdaptiveMaxPooling": derive(ADAPTIVE, extra=INDICES),
    "SpatialAdaptiveAveragePooling": derive(ADAPTIVE),
    "FeatureLPPooling": derive({"batch_mode": "batch_mode"}),
    "SpatialLPPooling": derive(arguments=(), derived=parse_lp_pooling, extra=build_lp_fields),
    **dict.fromkeys(
        ("SpatialFractionalMaxPooling", "VolumetricFractionalMaxPooling"),
        derive(
            POOL_SIZES,
            omitted={"random_samples", "fix_pooling_regions"},
            derived=parse_samples,
            arrays={},
            extra=build_sample_fields,
        ),
    ),
}
