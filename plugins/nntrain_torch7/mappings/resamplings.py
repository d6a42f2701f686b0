"""Padding and resampling layers."""

from __future__ import annotations

from typing import Any

from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.mappings.arguments import number, string

SIDES = tuple(number(f"pad_{side}", f"pad_{side[0]}") for side in ("left", "right", "top", "bottom"))
FACES = tuple(number(f"pad_{face}", f"p{face}") for face in ("left", "right", "top", "bottom", "front", "back"))


def parse_bilinear(fields: TorchFields) -> dict[str, Any]:
    """The factor, or the size, which Torch7 also stores for the last output with a factor."""
    if fields.get("scale_factor") is not None:
        return {"scale_factor": int(fields["scale_factor"])}
    return {f"out_{axis}": int(fields[name]) for axis, name in (("h", "oheight"), ("w", "owidth")) if fields.get(name)}


def build_bilinear_fields(module: Any, go: Any) -> dict[str, Any]:
    """The factor or the size."""
    given = module.get_arguments()
    names = {"scale_factor": "scale_factor", "out_h": "oheight", "out_w": "owidth"}
    return {torch: float(given[ours]) for ours, torch in names.items() if given.get(ours) is not None}


RESAMPLINGS = (
    Torch7Mapping("SpatialZeroPadding", SIDES),
    Torch7Mapping("SpatialReflectionPadding", SIDES),
    Torch7Mapping("SpatialReplicationPadding", SIDES),
    Torch7Mapping("VolumetricReplicationPadding", FACES),
    Torch7Mapping("SpatialUpSamplingNearest", (number("scale_factor"),)),
    Torch7Mapping("SpatialUpSamplingBilinear", derived=parse_bilinear, extra=build_bilinear_fields),
    Torch7Mapping(
        "UpSampling",
        (
            number("scale_factor", "scale_factor"),
            string("mode"),
            number("out_t", "odepth"),
            number("out_h", "oheight"),
            number("out_w", "owidth"),
        ),
    ),
    Torch7Mapping(
        "PixelShuffle",
        (number("upscale_factor", "upscaleFactor"),),
        extra=lambda module, go: {"upscaleFactorSquared": float(module.get_arguments()["upscale_factor"] ** 2)},
    ),
)
