"""Cases of poolings: what the original's figures leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.testing import Case

KEPT = {"noise_uses_module_stream": "draws its regions once, and keeps them"}
FIXED = {"fix_pooling_regions": True}
DRAWN = {"evaluation_is_deterministic": "draws its regions in prediction too, as in Torch"}


def normal(*shape: int) -> Array:
    """Normal numbers, the same for the same shape, and no two of them near to each other."""
    generator = np.random.default_rng(shape)
    grid = np.linspace(-2, 2, int(np.prod(shape)))
    return generator.permutation(grid).reshape(shape)


def positive(*shape: int) -> Array:
    """The same numbers between 0.5 and 2 for the same shape."""
    return np.random.default_rng(shape).uniform(0.5, 2, shape)


def case(name: str, cls: str, kwargs: dict[str, Any], x: Any, **more: Any) -> Case:
    """A case of ``cls``; the known output may be a list."""
    if "output" in more:
        more["output"] = np.asarray(more["output"], float)
    return Case(name, {"type": cls, **kwargs}, np.asarray(x, float), **more)


def frames(name: str, cls: str, kwargs: dict[str, Any]) -> Case:
    """A batch of sequences."""
    return case(name, cls, kwargs, normal(3, 7, 4), batch_axis=0)


def images(name: str, cls: str, kwargs: dict[str, Any]) -> Case:
    """A batch of images."""
    return case(name, cls, kwargs, normal(3, 2, 6, 7), batch_axis=0)


def volumes(name: str, cls: str, kwargs: dict[str, Any]) -> Case:
    """A batch of volumes."""
    return case(name, cls, kwargs, normal(3, 2, 4, 5, 6), batch_axis=0)


def size(*numbers: int) -> dict[str, Any]:
    """kw, kh, dw, dh, pad_w, pad_h of an image's pooling."""
    return dict(zip(("kw", "kh", "dw", "dh", "pad_w", "pad_h"), numbers, strict=False))


def size3(*numbers: int) -> dict[str, Any]:
    """kt, kw, kh, dt, dw, dh, pad_t, pad_w, pad_h of a volume's pooling."""
    names = ("kt", "kw", "kh", "dt", "dw", "dh", "pad_t", "pad_w", "pad_h")
    return dict(zip(names, numbers, strict=False))


def fractional(axes: str, out: Any) -> dict[str, Any]:
    """Kernels of 2 along each axis, and output sizes or ratios."""
    name = "out" if isinstance(out[0], int) else "ratio"
    return {f"k{axis}": 2 for axis in axes} | {f"{name}_{axis}": n for axis, n in zip(axes, out, strict=True)}


def unpooled(name: str, cls: str, kwargs: dict[str, Any], x: Array) -> Case:
    """A pooling taken back by its partner, with a factor between them."""
    modules = [
        {"type": f"{cls}MaxPooling", **kwargs, "id": "pool"},
        {"type": "MulConstant", "constant_scalar": 2},
        {"type": f"{cls}MaxUnpooling", "pooling": {"ref": "pool"}},
    ]
    return case(f"{cls}MaxUnpooling_{name}", "Sequential", {"modules": modules}, x, batch_axis=0)


NAN, INF = np.nan, np.inf

CASES: list[Case] = [
    frames("overlap", "TemporalMaxPooling", {"kw": 3, "dw": 1}),
    frames("gaps", "TemporalMaxPooling", {"kw": 2, "dw": 3}),
    case("one", "TemporalMaxPooling", {"kw": 2}, [[1, 5], [2, 4], [9, 9]], output=[[2, 5]]),
    frames("half", "TemporalDynamicKMaxPooling", {"min_k": 1, "factor": 0.5}),
    frames("all", "TemporalDynamicKMaxPooling", {"min_k": 7}),
    case("order", "TemporalDynamicKMaxPooling", {"min_k": 2}, [[3], [1], [2]], output=[[3], [2]]),
    case("frames", "TemporalSubSampling", {"input_frame_size": 4, "kw": 2, "dw": 3}, normal(7, 4)),
    images("halves", "SpatialMaxPooling", size(2, 2)),
    images("overlap", "SpatialMaxPooling", size(3, 3, 2, 2, 1, 1)),
    images("gaps", "SpatialMaxPooling", size(2, 2, 3, 3)),
    images("ceil", "SpatialMaxPooling", size(2, 3, 2, 2) | {"ceil_mode": True}),
    images("ceil-pad", "SpatialMaxPooling", size(3, 2, 2, 3, 1, 0) | {"ceil_mode": True}),
    images("whole", "SpatialMaxPooling", size(7, 6)),
    case("infinite", "SpatialMaxPooling", size(2, 1), [[[-INF, -INF, 1, INF]]], output=[[[-INF, INF]]], backward=False),
    case("nan", "SpatialMaxPooling", size(2, 2), [[[NAN, 1], [0, NAN]]], output=[[[1]]], backward=False),
    case("many-taps", "SpatialMaxPooling", size(20, 20), normal(1, 20, 20), output=[[[2]]]),
    images("dilated", "SpatialDilatedMaxPooling", size(2, 3, 1, 2, 1, 1) | {"dilation_w": 3, "dilation_h": 2}),
    images("ceil", "SpatialDilatedMaxPooling", size(2, 3, 3, 2) | {"dilation_w": 2, "ceil_mode": True}),
    images("mean", "SpatialAveragePooling", size(3, 2)),
    images("ceil-pad", "SpatialAveragePooling", size(3, 3, 2, 3, 1, 1) | {"ceil_mode": True}),
    images("ceil", "SpatialAveragePooling", size(2, 3, 2, 2) | {"ceil_mode": True, "count_include_pad": False}),
    images("inside", "SpatialAveragePooling", size(3, 2, 1, 2, 1, 1) | {"count_include_pad": False}),
    case("pad", "SpatialAveragePooling", size(2, 2, 2, 2, 1, 1), [[[4, 8], [12, 16]]], output=[[[1, 2], [3, 4]]]),
    images("smaller", "SpatialAdaptiveMaxPooling", {"out_w": 3, "out_h": 4}),
    images("larger", "SpatialAdaptiveMaxPooling", {"out_w": 9, "out_h": 6}),
    images("smaller", "SpatialAdaptiveAveragePooling", {"out_w": 3, "out_h": 4}),
    images("larger", "SpatialAdaptiveAveragePooling", {"out_w": 9, "out_h": 6}),
    images("one", "SpatialAdaptiveAveragePooling", {"out_w": 1, "out_h": 1}),
    images("weighed", "SpatialSubSampling", {"n_input_plane": 2, **size(3, 2, 2, 1)}),
    case(
        "squares",
        "SpatialLPPooling",
        {"n_input_plane": 2, "pnorm": 2, **size(2, 2)},
        positive(3, 2, 4, 4),
        batch_axis=0,
    ),
    case("fifth", "SpatialLPPooling", {"n_input_plane": 1, "pnorm": 5, **size(2, 2, 1, 1)}, positive(2, 1, 3, 3)),
    case(
        "batch",
        "FeatureLPPooling",
        {"width": 3, "stride": 2, "power": 3, "batch_mode": True},
        positive(3, 7),
        batch_axis=0,
    ),
    case(
        "images",
        "FeatureLPPooling",
        {"width": 2, "stride": 1, "power": 2.5, "batch_mode": True},
        positive(2, 4, 3, 2),
        batch_axis=0,
    ),
    case(
        "zeros", "FeatureLPPooling", {"width": 2, "stride": 2, "power": 1}, [0, 0, 3, 4], output=[0, 7], backward=False
    ),
    case(
        "negative",
        "FeatureLPPooling",
        {"width": 2, "stride": 2, "power": 3},
        [-1, -1, 2, 2],
        output=[NAN, 16 ** (1 / 3)],
        backward=False,
    ),
    case("large", "FeatureLPPooling", {"width": 2, "stride": 2, "power": 100}, [-1e10, 1e10], output=[1e10 * 2**0.01]),
    case("sizes", "SpatialFractionalMaxPooling", fractional("wh", (4, 3)), normal(2, 2, 6, 7), skip=DRAWN),
    case("ratios", "SpatialFractionalMaxPooling", fractional("wh", (0.6, 0.5)), normal(2, 6, 7), skip=DRAWN),
    case("fixed", "SpatialFractionalMaxPooling", FIXED | fractional("wh", (1, 4)), normal(3, 2, 7, 8), skip=KEPT),
    case("sizes", "VolumetricFractionalMaxPooling", fractional("twh", (4, 2, 3)), normal(2, 1, 5, 4, 6), skip=DRAWN),
    case(
        "ratios", "VolumetricFractionalMaxPooling", fractional("twh", (0.6, 0.5, 0.4)), normal(1, 9, 7, 8), skip=DRAWN
    ),
    volumes("cubes", "VolumetricMaxPooling", size3(2, 2, 2)),
    volumes("overlap", "VolumetricMaxPooling", size3(3, 2, 3, 1, 2, 2, 1, 0, 1)),
    volumes("ceil", "VolumetricMaxPooling", size3(2, 3, 2, 3, 2, 2, 1, 1, 1) | {"ceil_mode": True}),
    volumes(
        "dilated", "VolumetricDilatedMaxPooling", size3(2, 2, 2, 1, 1, 1, 1, 1, 1) | {"dilation_t": 2, "dilation_h": 3}
    ),
    volumes("far-outside", "VolumetricDilatedMaxPooling", size3(2, 5, 2, 1, 1, 1, 0, 2, 0) | {"dilation_w": 2}),
    volumes("blocks", "VolumetricAveragePooling", size3(2, 3, 2)),
    volumes("overlap", "VolumetricAveragePooling", size3(2, 2, 3, 1, 2, 1)),
    unpooled("batch", "Spatial", size(2, 2), normal(3, 2, 5, 4)),
    unpooled("padded", "Spatial", size(3, 2, 3, 2, 1, 1), normal(3, 2, 5, 4)),
    unpooled("batch", "Volumetric", size3(2, 2, 2), normal(3, 1, 4, 5, 4)),
]
