"""Padding and resampling layers."""

from typing import Any

from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings.derivation import MappingBuilder, derive

SIDES = {f"pad_{side}": f"pad_{side[0]}" for side in ("left", "right", "top", "bottom")}
FACES = {f"pad_{face}": f"p{face}" for face in ("left", "right", "top", "bottom", "front", "back")}
SIZES = {"out_t": "odepth", "out_h": "oheight", "out_w": "owidth"}


def parse_bilinear(fields: TorchFields) -> dict[str, Any]:
    """The factor, or the size, which Torch7 also stores for the last output with a factor."""
    if fields.get("scale_factor") is not None:
        return {"scale_factor": int(fields["scale_factor"])}
    return {name: int(fields[SIZES[name]]) for name in ("out_h", "out_w") if fields.get(SIZES[name])}


def build_bilinear_fields(module: Any, go: Any) -> dict[str, Any]:
    """The factor or the size."""
    given = module.get_arguments()
    names = ("scale_factor", "out_h", "out_w")
    return {SIZES.get(name, name): float(given[name]) for name in names if given.get(name) is not None}


RESAMPLINGS: dict[str, MappingBuilder] = {
    **dict.fromkeys(("SpatialZeroPadding", "SpatialReflectionPadding", "SpatialReplicationPadding"), derive(SIDES)),
    "VolumetricReplicationPadding": derive(FACES),
    "SpatialUpSamplingNearest": derive(),
    "SpatialUpSamplingBilinear": derive(arguments=(), derived=parse_bilinear, extra=build_bilinear_fields),
    "UpSampling": derive(SIZES),
    "PixelShuffle": derive(
        extra=lambda m, go: {"upscaleFactorSquared": float(m.get_arguments()["upscale_factor"] ** 2)}
    ),
}
