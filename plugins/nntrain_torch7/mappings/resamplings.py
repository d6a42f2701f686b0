"""Padding and resampling layers."""

from nntrain_torch7.mappings.derivation import MappingBuilder, derive

SIDES = {f"pad_{side}": f"pad_{side[0]}" for side in ("left", "right", "top", "bottom")}
FACES = {f"pad_{face}": f"p{face}" for face in ("left", "right", "top", "bottom", "front", "back")}
SIZES = {"out_t": "odepth", "out_h": "oheight", "out_w": "owidth"}

RESAMPLINGS: dict[str, MappingBuilder] = {
    **dict.fromkeys(("SpatialZeroPadding", "SpatialReflectionPadding", "SpatialReplicationPadding"), derive(SIDES)),
    "VolumetricReplicationPadding": derive(FACES),
    "SpatialUpSamplingNearest": derive(),
    # With a factor, Torch7 also stores the size of the last output.
    "SpatialUpSamplingBilinear": derive(
        SIZES,
        updated=lambda fields, version: (
            fields if fields.get("scale_factor") is None else {**fields, "oheight": None, "owidth": None}
        ),
    ),
    "UpSampling": derive(SIZES),
    "PixelShuffle": derive(
        extra=lambda m, go: {"upscaleFactorSquared": float(m.get_arguments()["upscale_factor"] ** 2)}
    ),
}
