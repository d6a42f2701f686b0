"""Sample weights from a column of the file."""

from collections.abc import Collection

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn, ValueStream
from nntrain.errors import DataError

# Sums of many larger ones overflow in float32.
MAX_WEIGHT = 1e30


def check_sample_weights(raw: ValueStream, targets: Collection[str] = ()) -> None:
    """DataError unless a column has valid weights, at least one above 0, and is not a target."""
    if raw.name in targets:
        raise DataError(f"column {raw.name!r} is both the target and the sample weight; expected one or the other")
    if not sum(float(encode_sample_weights(chunk).sum(dtype=np.float64)) for chunk in raw.iterate_chunks()):
        raise DataError(f"sample weight {raw.name!r}: expected a number above 0 in some training row, got 0 in all")


def encode_sample_weights(raw: RawColumn) -> Array:
    """Return weights float32 (n,). DataError for missing, non-numeric, negative, infinite or too large values."""
    if raw.kind not in ("number", "boolean"):
        raise DataError(f"sample weight {raw.name!r}: expected numbers, got {raw.kind}")
    wrong = ~((raw.values >= 0) & (raw.values <= MAX_WEIGHT))
    if wrong.any():
        value = raw.values[wrong.argmax()]
        got = "a missing value" if np.isnan(value) else f"{value:g}"
        raise DataError(
            f"sample weight {raw.name!r}: expected numbers from 0 to {MAX_WEIGHT:g}, got {got}; "
            f"invalid rows: {int(wrong.sum())}"
        )
    return raw.values.astype(np.float32)
