"""Poolings."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.mappings import composites
from nntrain_torch7.mappings.arguments import boolean, nested, number, to_array, to_sequence
from nntrain_torch7.mappings.torch_fields import BOTH, build_window_arguments

__all__ = ["POOLINGS"]

CEIL = boolean("ceil_mode")
SPATIAL, VOLUMETRIC = "WH", "TWH"
STEPS = ("kw", "kh", "dw", "dh")


def map_max_pooling(name: str, axes: str, *more: Torch7Argument, **rest: Any) -> Torch7Mapping:
    """The largest in windows with padding."""
    arguments = (
        *build_window_arguments("k", axes),
        *build_window_arguments("d", axes),
        *build_window_arguments("pad", axes),
        *more,
        CEIL,
    )
    return Torch7Mapping(name, arguments, extra=lambda module, go: {"indices": np.empty(0, np.int64)}, **rest)


def parse_lp_pooling(fields: TorchFields) -> dict[str, Any]:
    """A Sequential of a power, a pooling and a root; in old files the pooling is a SpatialSubSampling."""
    power, pooling = (module for module in to_sequence(fields.get("modules"))[:2])
    weight = pooling.fields.get("weight")
    planes = fields.get("nInputPlane", 1) if weight is None else len(weight)
    steps = {name: int(pooling.fields[torch]) for name, torch in zip(STEPS, ("kW", "kH", "dW", "dH"), strict=True)}
    p = 2 if power.name.endswith(".Square") else power.fields["pow"]
    return {"n_input_plane": int(planes), "pnorm": p, **steps}


def build_lp_fields(module: Any, go: Any) -> dict[str, Any]:
    """Its modules, and the planes, which they do not tell."""
    planes = float(module.get_arguments()["n_input_plane"])
    return {**composites.map_sequential(module, go), "nInputPlane": planes}


def map_fractional(axes: str) -> Torch7Mapping:
    """Windows at random places: sizes or ratios, as they were given."""

    def derived(fields: TorchFields) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for axis in axes:
            told[f"k{axis.lower()}"] = int(fields[f"poolSize{axis}"])
            for what in ("out", "ratio"):
                if fields.get(f"{what}{axis}") is not None:
                    told[f"{what}_{axis.lower()}"] = read_size(fields[f"{what}{axis}"])
        if fields.get("fixPoolingRegions") is True:
            told["fix_pooling_regions"] = True
            if fields.get("randomSamples") is not None:
                told["random_samples"] = to_array(fields["randomSamples"])
        return told

    def extra(module: Any, go: Any) -> dict[str, Any]:
        given = module.get_arguments()
        told: dict[str, Any] = {"indices": np.empty(0, np.int64)}
        for axis in axes:
            told[f"poolSize{axis}"] = float(given[f"k{axis.lower()}"])
            for what in ("out", "ratio"):
                if given.get(f"{what}_{axis.lower()}") is not None:
                    told[f"{what}{axis}"] = float(given[f"{what}_{axis.lower()}"])
        if given.get("random_samples") is not None:
            told["randomSamples"] = np.array(given["random_samples"], np.float64)
        if given.get("fix_pooling_regions") or "randomSamples" in told:
            told["fixPoolingRegions"] = True
        return told

    name = "SpatialFractionalMaxPooling" if axes == SPATIAL else "VolumetricFractionalMaxPooling"
    return Torch7Mapping(name, derived=derived, extra=extra)


def read_size(value: Any) -> int | float:
    """A size, or a ratio."""
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
