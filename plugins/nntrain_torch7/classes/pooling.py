"""Poolings."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain_torch7.classes.argument import Argument, as_list, flag, inner, number
from nntrain_torch7.classes.description import Description, Fields
from nntrain_torch7.classes.weights import BOTH, shape_of
from nntrain_torch7.classes.windows import windows

__all__ = ["POOLINGS"]

CEIL = flag("ceil_mode")
SPATIAL, VOLUMETRIC = "WH", "TWH"


def maximum(name: str, axes: str, *more: Argument, **rest: Any) -> Description:
    """The largest in windows with padding."""
    arguments = (*windows("k", axes), *windows("d", axes), *windows("pad", axes), *more, CEIL)
    return Description(name, arguments, extra=lambda module, go: {"indices": np.empty(0, np.int64)}, **rest)


def strided(fields: Fields) -> dict[str, Any]:
    """A pooling without steps of its own goes by its windows: older files say 0 or nothing."""
    return {}


def lp_pooling(fields: Fields) -> dict[str, Any]:
    """A Sequential of a power, a SpatialSubSampling and a root."""
    modules = as_list(fields.get("modules"))
    (planes,) = shape_of(modules[1].fields, "weight", 1)
    name = modules[0].name.rpartition(".")[2]
    return {"n_input_plane": planes, "pnorm": 2 if name == "Square" else modules[0].fields["pow"]}


def fractional(axes: str) -> Description:
    """Windows at random places: sizes or ratios, as they were given."""

    def derived(fields: Fields) -> dict[str, Any]:
        told = {}
        for axis in axes:
            told[f"k{axis.lower()}"] = int(fields[f"poolSize{axis}"])
            for what in ("out", "ratio"):
                if fields.get(f"{what}{axis}") is not None:
                    told[f"{what}_{axis.lower()}"] = whole(fields[f"{what}{axis}"])
        samples = fields.get("randomSamples")
        if fields.get("fixPoolingRegions") is True:
            told["fix_pooling_regions"] = True
        if isinstance(samples, np.ndarray) and samples.ndim == 3 and samples.base is not None:
            if samples.size > samples.base.size:
                raise ValueError("expected random samples with memory for each of them")
            if (
                not told.get("fix_pooling_regions")
                and fields.get("randomSamplesGiven", True)
                and "output" not in fields
            ):
                told["random_samples"] = samples.astype(np.float64)
        return told

    def extra(module: Any, go: Any) -> dict[str, Any]:
        given = module.arguments()
        told: dict[str, Any] = {"indices": np.empty(0, np.int64)}
        for axis in axes:
            told[f"poolSize{axis}"] = float(given[f"k{axis.lower()}"])
            for what in ("out", "ratio"):
                if given.get(f"{what}_{axis.lower()}") is not None:
                    told[f"{what}{axis}"] = float(given[f"{what}_{axis.lower()}"])
        if given.get("fix_pooling_regions"):
            told["fixPoolingRegions"] = True
        if given.get("random_samples") is not None:
            told["randomSamples"] = np.array(given["random_samples"], np.float64)
        return told

    name = "SpatialFractionalMaxPooling" if axes == SPATIAL else "VolumetricFractionalMaxPooling"
    return Description(name, derived=derived, extra=extra)


def whole(value: Any) -> int | float:
    """A size, or a ratio."""
    return int(value) if float(value).is_integer() else value


ADAPTIVE = (number("out_w", "W"), number("out_h", "H"))

POOLINGS = (
    Description("TemporalMaxPooling", (*windows("k", "W"), *windows("d", "W"))),
    Description("TemporalDynamicKMaxPooling", (number("min_k", "minK"), number("factor"))),
    Description(
        "TemporalSubSampling",
        (number("input_frame_size", "inputFrameSize"), *windows("k", "W"), *windows("d", "W")),
        arrays=BOTH,
    ),
    Description(
        "SpatialSubSampling",
        (number("n_input_plane", "nInputPlane"), *windows("k", SPATIAL), *windows("d", SPATIAL)),
        arrays=BOTH,
    ),
    maximum("SpatialMaxPooling", SPATIAL),
    maximum("SpatialDilatedMaxPooling", SPATIAL, *windows("dilation", SPATIAL)),
    maximum("VolumetricMaxPooling", VOLUMETRIC, version=2),
    maximum("VolumetricDilatedMaxPooling", VOLUMETRIC, *windows("dilation", VOLUMETRIC)),
    Description(
        "SpatialAveragePooling",
        (*windows("k", SPATIAL), *windows("d", SPATIAL), *windows("pad", SPATIAL), CEIL, flag("count_include_pad")),
        extra=lambda module, go: {"divide": True},
    ),
    Description("VolumetricAveragePooling", (*windows("k", VOLUMETRIC), *windows("d", VOLUMETRIC))),
    Description("SpatialAdaptiveMaxPooling", ADAPTIVE, extra=lambda module, go: {"indices": np.empty(0, np.int64)}),
    Description("SpatialAdaptiveAveragePooling", ADAPTIVE),
    Description("SpatialLPPooling", (*windows("k", SPATIAL), *windows("d", SPATIAL)), derived=lp_pooling),
    Description("FeatureLPPooling", (number("width"), number("stride"), number("power"), flag("batch_mode"))),
    fractional(SPATIAL),
    fractional(VOLUMETRIC),
    Description("SpatialMaxUnpooling", (inner("pooling", "pooling"),)),
    Description("VolumetricMaxUnpooling", (inner("pooling", "pooling"),)),
)
