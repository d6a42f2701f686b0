"""Convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain_torch7.mappings.arguments import boolean, number, to_array
from nntrain_torch7.mappings.torch_fields import BOTH, PLANES, build_window_arguments, has_bias

K, D, PAD, ADJ, DILATION = ("k", "d", "pad", "adj", "dilation")
FINPUT = {"finput": np.empty(0), "fgradInput": np.empty(0)}


def parse_bias(fields: TorchFields) -> dict[str, Any]:
    """Whether there is a bias; ValueError for a grouped convolution of cudnn, which has no counterpart."""
    groups = fields.get("groups") or 1
    if groups != 1:
        raise ValueError(f"expected a convolution with 1 group, got {groups:g} groups")
    return {"bias": has_bias(fields)}


def read_table(value: Any, go: Any) -> list[list[int]]:
    """Read rows (from, to) that count from 1."""
    rows = to_array(value)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise ValueError(f"expected a connection table of shape (n, 2), got {rows.shape}")
    return (rows.astype(np.int64) - 1).tolist()


def write_table(value: Any, go: Any) -> Any:
    """Write rows (from, to) that count from 1."""
    return np.asarray(value, np.float64) + 1


def map_spatial(name: str, *more: Torch7Argument, extra: dict[str, Any] = FINPUT) -> Torch7Mapping:
    """A convolution of images."""
    arguments = (
        *PLANES,
        *build_window_arguments(K, "WH"),
        *build_window_arguments(D, "WH"),
        *build_window_arguments(PAD, "WH"),
        *more,
    )
    return Torch7Mapping(name, arguments, derived=parse_bias, arrays=BOTH, extra=lambda module, go: extra)


def map_volumetric(name: str, *more: Torch7Argument) -> Torch7Mapping:
    """A convolution of volumes."""
    arguments = (
        *PLANES,
        *build_window_arguments(K, "TWH"),
        *build_window_arguments(D, "TWH"),
        *build_window_arguments(PAD, "TWH"),
        *more,
    )
    return Torch7Mapping(name, arguments, derived=parse_bias, arrays=BOTH, extra=lambda module, go: FINPUT)


def map_connection_table(name: str) -> Torch7Mapping:
    """A convolution with a connection table."""
    arguments = (
        Torch7Argument("conn_table", "connTable", read_table, write_table),
        *build_window_arguments(K, "WH"),
        *build_window_arguments(D, "WH"),
    )
    return Torch7Mapping(name, arguments, arrays=BOTH, extra=build_channel_fields)


def build_channel_fields(module: Any, go: Any) -> dict[str, Any]:
    """The numbers of channels of a connection table."""
    return {"nInputPlane": float(module.n_input_plane), "nOutputPlane": float(module.n_output_plane)}


def build_local_fields(module: Any, go: Any) -> dict[str, Any]:
    """The sizes of the output."""
    return {"oH": float(module.weight.shape[0]), "oW": float(module.weight.shape[1]), **FINPUT}


INPUT_FRAME_SIZE = number("input_frame_size", "inputFrameSize")

CONVOLUTIONS = (
    Torch7Mapping(
        "TemporalConvolution",
        (
            INPUT_FRAME_SIZE,
            number("output_frame_size", "outputFrameSize"),
            *build_window_arguments(K, "W"),
            *build_window_arguments(D, "W"),
        ),
        arrays=BOTH,
    ),
    Torch7Mapping(
        "TemporalRowConvolution",
        (
            INPUT_FRAME_SIZE,
            *build_window_arguments(K, "W"),
            *build_window_arguments(D, "W"),
            boolean("feat_first", "featFirst"),
        ),
        derived=parse_bias,
        arrays=BOTH,
        extra=lambda module, go: FINPUT,
    ),
    map_spatial("SpatialConvolution"),
    map_spatial("SpatialConvolutionMM"),
    map_spatial("SpatialDepthWiseConvolution"),
    map_spatial("SpatialDilatedConvolution", *build_window_arguments(DILATION, "WH")),
    map_spatial("SpatialFullConvolution", *build_window_arguments(ADJ, "WH")),
    Torch7Mapping(
        "SpatialConvolutionLocal",
        (
            *PLANES,
            number("iw", "iW"),
            number("ih", "iH"),
            *build_window_arguments(K, "WH"),
            *build_window_arguments(D, "WH"),
            *build_window_arguments(PAD, "WH"),
        ),
        arrays=BOTH,
        extra=build_local_fields,
    ),
    map_connection_table("SpatialConvolutionMap"),
    map_connection_table("SpatialFullConvolutionMap"),
    map_volumetric("VolumetricConvolution"),
    map_volumetric("VolumetricDilatedConvolution", *build_window_arguments(DILATION, "TWH")),
    map_volumetric("VolumetricFullConvolution", *build_window_arguments(ADJ, "TWH")),
)
