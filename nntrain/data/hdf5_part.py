"""Inputs and targets that belong together in an HDF5 file."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.array import Array

__all__ = ["HDF5Part"]


@dataclass(frozen=True)
class HDF5Part:
    """Inputs (n, ...) as stored, and targets (n,) or (n, k) if there are any."""

    inputs: Array
    targets: Array | None
