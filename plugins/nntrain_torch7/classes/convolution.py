"""Convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.classes.argument import as_array, flag, number
from nntrain_torch7.classes.weights import BOTH, has_bias
from nntrain_torch7.classes.windows import PLANES, windows

__all__ = ["CONVOLUTIONS"]

K, D, PAD, ADJ, DILATION = ("k", "d", "pad", "adj", "dilation")
FINPUT = {"finput": np.empty(0), "fgradInput": np.empty(0)}


def biased(fields: TorchFields) -> dict[str, Any]:
    """Whether there is a bias; a convolution of cudnn in groups has no counterpart."""
    groups = fields.get("groups") or 1
    if groups != 1:
        raise ValueError(f"expected a convolution of all planes with all planes, got one in {groups:g} groups")
    return {"bias": has_bias(fields)}


def table(value: Any, go: Any) -> list[list[int]]:
    """Rows (from, to), which count from 1."""
    rows = as_array(value)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise ValueError(f"expected a table of connections of shape (n, 2), got {rows.shape}")
    return (rows.astype(np.int64) - 1).tolist()


def table_told(value: Any, go: Any) -> Any:
    """Rows (from, to) from 1."""
    return np.asarray(value, np.float64) + 1


def spatial(name: str, *more: Torch7Argument, extra: dict[str, Any] = FINPUT) -> Torch7Mapping:
    """A convolution of planes."""
    arguments = (*PLANES, *windows(K, "WH"), *windows(D, "WH"), *windows(PAD, "WH"), *more)
    return Torch7Mapping(name, arguments, derived=biased, arrays=BOTH, extra=lambda module, go: extra)


def volumetric(name: str, *more: Torch7Argument) -> Torch7Mapping:
    """A convolution of volumes."""
    arguments = (*PLANES, *windows(K, "TWH"), *windows(D, "TWH"), *windows(PAD, "TWH"), *more)
    return Torch7Mapping(name, arguments, derived=biased, arrays=BOTH, extra=lambda module, go: FINPUT)


def mapped(name: str) -> Torch7Mapping:
    """A convolution by a table of connections."""
    arguments = (Torch7Argument("conn_table", "connTable", table, table_told), *windows(K, "WH"), *windows(D, "WH"))
    return Torch7Mapping(name, arguments, arrays=BOTH, extra=planes)


def planes(module: Any, go: Any) -> dict[str, Any]:
    """The planes that a table of connections names."""
    return {"nInputPlane": float(module.n_input_plane), "nOutputPlane": float(module.n_output_plane)}


def local(module: Any, go: Any) -> dict[str, Any]:
    """The sizes of the output."""
    return {"oH": float(module.weight.shape[0]), "oW": float(module.weight.shape[1]), **FINPUT}


FRAMES = number("input_frame_size", "inputFrameSize")

CONVOLUTIONS = (
    Torch7Mapping(
        "TemporalConvolution",
        (FRAMES, number("output_frame_size", "outputFrameSize"), *windows(K, "W"), *windows(D, "W")),
        arrays=BOTH,
    ),
    Torch7Mapping(
        "TemporalRowConvolution",
        (FRAMES, *windows(K, "W"), *windows(D, "W"), flag("feat_first", "featFirst")),
        derived=biased,
        arrays=BOTH,
        extra=lambda module, go: FINPUT,
    ),
    spatial("SpatialConvolution"),
    spatial("SpatialConvolutionMM"),
    spatial("SpatialDepthWiseConvolution"),
    spatial("SpatialDilatedConvolution", *windows(DILATION, "WH")),
    spatial("SpatialFullConvolution", *windows(ADJ, "WH")),
    Torch7Mapping(
        "SpatialConvolutionLocal",
        (*PLANES, number("iw", "iW"), number("ih", "iH"), *windows(K, "WH"), *windows(D, "WH"), *windows(PAD, "WH")),
        arrays=BOTH,
        extra=local,
    ),
    mapped("SpatialConvolutionMap"),
    mapped("SpatialFullConvolutionMap"),
    volumetric("VolumetricConvolution"),
    volumetric("VolumetricDilatedConvolution", *windows(DILATION, "TWH")),
    volumetric("VolumetricFullConvolution", *windows(ADJ, "TWH")),
)
