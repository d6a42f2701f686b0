"""Convolutions."""

from copy import deepcopy
from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.mappings.conversions import to_array
from nntrain_torch7.mappings.derivation import MappingBuilder, derive

FINPUT = {"finput": np.empty(0), "fgradInput": np.empty(0)}


def check_groups(fields: TorchFields) -> dict[str, Any]:
    """ValueError for a grouped convolution of cudnn, which has no counterpart."""
    groups = fields.get("groups") or 1
    if groups != 1:
        raise ValueError(f"expected a convolution with 1 group, got {groups:g} groups")
    return {}


def read_table(value: Any, go: Any) -> list[list[int]]:
    """Read rows (from, to) that count from 1."""
    rows = to_array(value)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise ValueError(f"expected a connection table of shape (n, 2), got {rows.shape}")
    return (rows.astype(np.int64) - 1).tolist()


CONNECTIONS = Torch7Argument("conn_table", "connTable", read_table, lambda value, go: np.asarray(value, np.float64) + 1)
NAMES = (
    *("SpatialConvolution", "SpatialConvolutionMM", "SpatialDepthWiseConvolution", "SpatialDilatedConvolution"),
    *("SpatialFullConvolution", "TemporalRowConvolution"),
    *("VolumetricConvolution", "VolumetricDilatedConvolution", "VolumetricFullConvolution"),
)

CONVOLUTIONS: dict[str, MappingBuilder] = {
    "TemporalConvolution": derive(),
    **dict.fromkeys(NAMES, derive(derived=check_groups, extra=FINPUT)),
    "SpatialConvolutionLocal": derive(
        extra=lambda m, go: {
            "oH": float(m.weight.shape[0]),
            "oW": float(m.weight.shape[1]),
            **deepcopy(FINPUT),
        }
    ),
    **dict.fromkeys(
        ("SpatialConvolutionMap", "SpatialFullConvolutionMap"),
        derive(
            {},
            CONNECTIONS,
            extra=lambda m, go: {
                "nInputPlane": float(m.n_input_plane),
                "nOutputPlane": float(m.n_output_plane),
            },
        ),
    ),
}
