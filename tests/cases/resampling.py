"""Cases of padding and resampling: what the original's figures leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.testing import Case


def normal(*shape: int) -> Array:
    """The same standard normal numbers for the same shape."""
    return np.random.default_rng(shape).standard_normal(shape)


def images(name: str, cls: str, kwargs: dict[str, Any]) -> Case:
    """A batch of three images."""
    return Case(name, {"type": cls, **kwargs}, normal(3, 2, 4, 5), batch_axis=0)


def volumes(name: str, cls: str, kwargs: dict[str, Any]) -> Case:
    """A batch of three volumes."""
    return Case(name, {"type": cls, **kwargs}, normal(3, 2, 3, 4, 5), batch_axis=0)


def known(name: str, cls: str, kwargs: dict[str, Any], x: Any, y: Any, **more: Any) -> Case:
    """One plane and what becomes of it."""
    x, y = (np.asarray(value, float)[None] for value in (x, y))
    return Case(name, {"type": cls, **kwargs}, x, output=y, **more)


def sides(*amounts: int) -> dict[str, Any]:
    """The arguments of a padding: left, right, top, bottom, front, back."""
    names = ("pad_left", "pad_right", "pad_top", "pad_bottom", "pad_front", "pad_back")
    return dict(zip(names, amounts, strict=False))


SQUARE = [[1, 2], [3, 4]]
PLANES = ("SpatialZeroPadding", "SpatialReflectionPadding", "SpatialReplicationPadding")

CASES: list[Case] = [
    *(images("all-sides", cls, sides(2)) for cls in PLANES),
    *(images("one-side", cls, sides(0, 3, 0, 0)) for cls in PLANES),
    *(images("crop", cls, sides(-1, -2, -1, 0)) for cls in PLANES),
    *(images("crop-one-end-pad-the-other", cls, sides(-4, 3, 2, -3)) for cls in PLANES),
    known("zeros", "SpatialZeroPadding", sides(1, 0, 0, 1), SQUARE, [[0, 1, 2], [0, 3, 4], [0, 0, 0]]),
    known("only-border", "SpatialZeroPadding", sides(-2, 3, 0, 0), SQUARE, [[0, 0, 0], [0, 0, 0]]),
    known("mirror", "SpatialReflectionPadding", sides(1, 1, 0, 0), SQUARE, [[2, 1, 2, 1], [4, 3, 4, 3]]),
    known("mirror-of-what-is-cropped", "SpatialReflectionPadding", sides(-2, 2, 0, 0), [[1, 2, 3]], [[3, 2, 1]]),
    known("edge", "SpatialReplicationPadding", sides(0, 2, 1, 0), SQUARE, [[1, 2, 2, 2], [1, 2, 2, 2], [3, 4, 4, 4]]),
    known("edge-of-what-is-cropped", "SpatialReplicationPadding", sides(-3, 4, 0, 0), [[1, 2, 3]], [[3, 3, 3, 3]]),
    known("large", "SpatialReplicationPadding", sides(4, 0, 0, 0), [[1, 2]], [[1, 1, 1, 1, 1, 2]]),
    volumes("all-sides", "VolumetricReplicationPadding", sides(1)),
    volumes("six-sides", "VolumetricReplicationPadding", sides(2, 0, -1, 3, -2, 1)),
    known("edge", "VolumetricReplicationPadding", sides(0, 0, 0, 0, 1, 0), [SQUARE], [SQUARE, SQUARE]),
    images("three", "SpatialUpSamplingNearest", {"scale_factor": 3}),
    known("one", "SpatialUpSamplingNearest", {"scale_factor": 1}, SQUARE, SQUARE),
    known("two", "SpatialUpSamplingNearest", {"scale_factor": 2}, [[1, 2]], [[1, 1, 2, 2], [1, 1, 2, 2]]),
    images("factor", "SpatialUpSamplingBilinear", {"scale_factor": 3}),
    images("smaller", "SpatialUpSamplingBilinear", {"out_h": 2, "out_w": 3}),
    images("one-pixel", "SpatialUpSamplingBilinear", {"out_h": 1, "out_w": 1}),
    known("corners", "SpatialUpSamplingBilinear", {"out_h": 1, "out_w": 3}, [[1, 2], [8, 9]], [[1, 1.5, 2]]),
    known("from-one-pixel", "SpatialUpSamplingBilinear", {"scale_factor": 2}, [[7]], [[7, 7], [7, 7]]),
    known("same", "SpatialUpSamplingBilinear", {"scale_factor": 1}, SQUARE, SQUARE),
    images("nearest", "UpSampling", {"scale_factor": 2}),
    images("bilinear", "UpSampling", {"scale_factor": 2, "mode": "bilinear"}),
    images("depth-ignored", "UpSampling", {"mode": "linear", "out_t": 9, "out_h": 3, "out_w": 7}),
    volumes("nearest-volumes", "UpSampling", {"scale_factor": 2}),
    volumes("trilinear", "UpSampling", {"scale_factor": 2, "mode": "trilinear"}),
    volumes("sizes", "UpSampling", {"mode": "linear", "out_t": 2, "out_h": 1, "out_w": 6}),
    Case("many", {"type": "PixelShuffle", "upscale_factor": 2}, normal(3, 8, 2, 3), batch_axis=0),
    Case("one", {"type": "PixelShuffle", "upscale_factor": 1}, normal(2, 2, 3), output=normal(2, 2, 3)),
]
