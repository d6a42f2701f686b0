"""Poolings."""

from copy import deepcopy
from itertools import product
from typing import Any

import numpy as np

from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.conversions import to_array, to_number, to_sequence
from nntrain_torch7.mappings.derivation import MappingBuilder, derive
from nntrain_torch7.mappings.torch_fields import BOTH

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


def map_fractional(axes: str) -> MappingBuilder:
    """A fractional max pooling: sizes or ratios, as given."""

    def parse(fields: TorchFields) -> dict[str, Any]:
        arguments: dict[str, Any] = {f"k{axis.lower()}": int(fields[f"poolSize{axis}"]) for axis in axes}
        for name, axis in product(("out", "ratio"), axes):
            if fields.get(f"{name}{axis}") is not None:
                arguments[f"{name}_{axis.lower()}"] = to_number(fields[f"{name}{axis}"])
        if fields.get("fixPoolingRegions") is True:
            arguments["fix_pooling_regions"] = True
            if fields.get("randomSamples") is not None:
                arguments["random_samples"] = to_array(fields["randomSamples"])
        return arguments

    def build(module: Any, go: Any) -> dict[str, Any]:
        given = module.get_arguments()
        fields: dict[str, Any] = {f"poolSize{axis}": float(given[f"k{axis.lower()}"]) for axis in axes}
        for name, axis in product(("out", "ratio"), axes):
            if given.get(f"{name}_{axis.lower()}") is not None:
                fields[f"{name}{axis}"] = float(given[f"{name}_{axis.lower()}"])
        if given.get("random_samples") is not None:
            fields["randomSamples"] = np.array(given["random_samples"], np.float64)
        if given.get("fix_pooling_regions") or "randomSamples" in fields:
            fields["fixPoolingRegions"] = True
        return {**deepcopy(INDICES), **fields}

    return derive(arguments=(), derived=parse, extra=build)


NAMES = ("TemporalDynamicKMaxPooling", "TemporalMaxPooling", "VolumetricAveragePooling")
ADAPTIVE = {"out_w": "W", "out_h": "H"}

POOLINGS: dict[str, MappingBuilder] = {
    **dict.fromkeys((*NAMES, "SpatialMaxUnpooling", "VolumetricMaxUnpooling"), derive()),
    **dict.fromkeys(("TemporalSubSampling", "SpatialSubSampling"), derive(arrays=BOTH)),
    **dict.fromkeys(
        ("SpatialMaxPooling", "SpatialDilatedMaxPooling", "VolumetricDilatedMaxPooling"), derive(extra=INDICES)
    ),
    "VolumetricMaxPooling": derive(extra=INDICES, version=2),
    "SpatialAveragePooling": derive(extra={"divide": True}),
    "SpatialAdaptiveMaxPooling": derive(ADAPTIVE, extra=INDICES),
    "SpatialAdaptiveAveragePooling": derive(ADAPTIVE),
    "FeatureLPPooling": derive({"batch_mode": "batch_mode"}),
    "SpatialLPPooling": derive(arguments=(), derived=parse_lp_pooling, extra=build_lp_fields),
    "SpatialFractionalMaxPooling": map_fractional("WH"),
    "VolumetricFractionalMaxPooling": map_fractional("TWH"),
}
