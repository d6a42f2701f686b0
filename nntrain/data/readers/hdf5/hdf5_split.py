"""Inputs and targets that belong together in an HDF5 file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nntrain.compute.array import Array
from nntrain.data.array_stream import ArrayStream
from nntrain.data.dims import Dims
from nntrain.data.tables.raw_column import RawColumn


@dataclass(frozen=True)
class HDF5Split:
    """Inputs (n, ...) as stored, targets (n,) or (n, k) if there are any, and the dims that axis labels declare.

    ``others``: further columns of the rows by their requested names, as far as they exist.
    """

    inputs: ArrayStream
    targets: Array | None
    dims: Dims | None = None
    others: Mapping[str, RawColumn] = field(default_factory=dict)
