"""Inputs and targets that belong together in an HDF5 file."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.array import Array
from nntrain.data.dims import Dims

__all__ = ["HDF5Part"]


@dataclass(frozen=True)
class HDF5Part:
    """Inputs (n, ...) as stored, targets (n,) or (n, k) if there are any, and what the labels of the axes say."""

    inputs: Array
    targets: Array | None
    dims: Dims | None = None
