"""The order of the axes of images."""

from typing import Literal, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import DataError

# N rows, C channels, H rows of pixels, W pixels in a row.
Dims: TypeAlias = Literal["NCHW", "NHW", "NHWC"]
DIM_ORDERS: tuple[Dims, ...] = ("NCHW", "NHW", "NHWC")


def to_channels_first(inputs: Array, dims: Dims | None) -> Array:
    """Return images as (N, C, H, W), a view; without ``dims`` unchanged. DataError for another number of axes."""
    if dims is None:
        return inputs
    if inputs.ndim != len(dims):
        raise DataError(f"inputs: expected {len(dims)} axes for dims {dims!r}, got the shape {inputs.shape}")
    if dims == "NHW":
        return inputs[:, None]
    return np.moveaxis(inputs, dims.index("C"), 1)


def infer_dims(labels: list[str]) -> Dims | None:
    """Return the axes from the first letters of their labels: batch or N, channel, height, width."""
    letters = "".join(label[:1].upper().replace("B", "N") for label in labels)
    return next((dims for dims in DIM_ORDERS if dims == letters), None)
