"""How much each row counts, from a column of the file."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["check_sample_weights", "encode_sample_weights"]

# In single precision, sums of many larger ones are infinite.
MAX_WEIGHT = 1e30


def check_sample_weights(raw: ValueStream, targets: Collection[str] = ()) -> None:
    """DataError unless a column holds weights of which one at least is above 0, and is no target."""
    if raw.name in targets:
        raise DataError(f"column {raw.name!r} is the target and the weight; expected one or the other")
    if not sum(float(encode_sample_weights(chunk).sum(dtype=np.float64)) for chunk in raw.iterate_chunks()):
        raise DataError(f"weight {raw.name!r}: expected a number above 0 in a training row, got 0 in all")


def encode_sample_weights(raw: RawColumn) -> Array:
    """Weights float32 (n,). DataError for what is missing, no number, infinite, or below 0."""
    if raw.kind not in ("number", "boolean"):
        raise DataError(f"weight {raw.name!r}: expected numbers, got {raw.kind}")
    wrong = ~((raw.values >= 0) & (raw.values <= MAX_WEIGHT))
    if wrong.any():
        value = raw.values[wrong.argmax()]
        got = "nothing" if np.isnan(value) else f"{value:g}"
        raise DataError(
            f"weight {raw.name!r}: expected numbers from 0 to {MAX_WEIGHT:g}, got {got}, in {int(wrong.sum())} rows"
        )
    return raw.values.astype(np.float32)
