"""Poolings."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.arguments import boolean, nested, number, to_array, to_sequence
from nntrain_torch7.mappings.torch_fields import BOTH, build_window_arguments

CEIL = boolean("ceil_mode")
SPATIAL, VOLUMETRIC = "WH", "TWH"
STEPS = ("kw", "kh", "dw", "dh")


def map_max_pooling(name: str, axes: str, *more: Torch7Argument, **rest: Any) -> Torch7Mapping:
    """A max pooling."""
    arguments = (
        *build_window_arguments("k", axes),
        *build_window_arguments("d", axes),
        *build_window_arguments("pad", axes),
        *more,
        CEIL,
    )
    return Torch7Mapping(name, arguments, extra=lambda module, go: {"indices": np.empty(0, np.int64)}, **rest)


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


def map_fractional(axes: str) -> Torch7Mapping:
    """A fractional max pooling: sizes or ratios, as given."""

    def parse(fields: TorchFields) -> dict[str, Any]:
        arguments: dict[str, Any] = {f"k{axis.lower()}": int(fields[f"poolSize{axis}"]) for axis in axes}
        for name, axis in product(("out", "ratio"), axes):
            if fields.get(f"{name}{axis}") is not None:
                arguments[f"{name}_{axis.lower()}"] = read_size(fields[f"{name}{axis}"])
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
        return {"indices": np.empty(0, np.int64), **fields}

    name = "SpatialFractionalMaxPooling" if axes == SPATIAL else "VolumetricFractionalMaxPooling"
    return Torch7Mapping(name, derived=parse, extra=build)


def read_size(value: Any) -> int | float:
    """Convert a size or a ratio."""
    return int(value) if float(value).is_integer() else value


ADAPTIVE = (number("out_w", "W"), number("out_h", "H"))

POOLINGS = (
    Torch7Mapping("TemporalMaxPooling", (*build_window_arguments("k", "W"), *build_window_arguments("d", "W"))),
    Torch7Mapping("TemporalDynamicKMaxPooling", (number("min_k", "minK"), number("factor"))),
    Torch7Mapping(
        "TemporalSubSampling",
        (
            number("input_frame_size", "inputFrameSize"),
            *build_window_arguments("k", "W"),
            *build_window_arguments("d", "W"),
        ),
        arrays=BOTH,
    ),
    Torch7Mapping(
        "SpatialSubSampling",
        (
            number("n_input_plane", "nInputPlane"),
            *build_window_arguments("k", SPATIAL),
            *build_window_arguments("d", SPATIAL),
        ),
        arrays=BOTH,
    ),
    map_max_pooling("SpatialMaxPooling", SPATIAL),
    map_max_pooling("SpatialDilatedMaxPooling", SPATIAL, *build_window_arguments("dilation", SPATIAL)),
    map_max_pooling("VolumetricMaxPooling", VOLUMETRIC, version=2),
    map_max_pooling("VolumetricDilatedMaxPooling", VOLUMETRIC, *build_window_arguments("dilation", VOLUMETRIC)),
    Torch7Mapping(
        "SpatialAveragePooling",
        (
            *build_window_arguments("k", SPATIAL),
            *build_window_arguments("d", SPATIAL),
            *build_window_arguments("pad", SPATIAL),
            CEIL,
            boolean("count_include_pad"),
        ),
        extra=lambda module, go: {"divide": True},
    ),
    Torch7Mapping(
        "VolumetricAveragePooling", (*build_window_arguments("k", VOLUMETRIC), *build_window_arguments("d", VOLUMETRIC))
    ),
    Torch7Mapping("SpatialAdaptiveMaxPooling", ADAPTIVE, extra=lambda module, go: {"indices": np.empty(0, np.int64)}),
    Torch7Mapping("SpatialAdaptiveAveragePooling", ADAPTIVE),
    Torch7Mapping("SpatialLPPooling", derived=parse_lp_pooling, extra=build_lp_fields),
    Torch7Mapping("FeatureLPPooling", (number("width"), number("stride"), number("power"), boolean("batch_mode"))),
    map_fractional(SPATIAL),
    map_fractional(VOLUMETRIC),
    Torch7Mapping("SpatialMaxUnpooling", (nested("pooling", "pooling"),)),
    Torch7Mapping("VolumetricMaxUnpooling", (nested("pooling", "pooling"),)),
)
