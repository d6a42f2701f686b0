"""How much each row counts, from a column of the file."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn
from nntrain.data.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["check_weights", "encoded_weights"]


def check_weights(raw: ValueStream, targets: Collection[str] = ()) -> None:
    """DataError unless a column holds weights of which one at least is above 0, and is no target."""
    if raw.name in targets:
        raise DataError(f"column {raw.name!r} is the target and the weight; expected one or the other")
    if not sum(float(encoded_weights(chunk).sum(dtype=np.float64)) for chunk in raw.chunks()):
        raise DataError(f"weight {raw.name!r}: expected a number above 0 in a training row, got 0 in all")


def encoded_weights(raw: RawColumn) -> Array:
    """Weights float32 (n,). DataError for what is missing, no number, infinite, or below 0."""
    if raw.kind not in ("number", "boolean"):
        raise DataError(f"weight {raw.name!r}: expected numbers, got {raw.kind}")
    weights = raw.values.reshape(len(raw.values)).astype(np.float32)
    wrong = ~(np.isfinite(weights) & (weights >= 0))
    if wrong.any():
        value = raw.values.reshape(-1)[wrong.argmax()]
        got = "nothing" if np.isnan(value) else f"{value:g}"
        raise DataError(
            f"weight {raw.name!r}: expected finite numbers of 0 or more, got {got} (and {int(wrong.sum())} such in all)"
        )
    return weights
