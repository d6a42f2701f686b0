"""The floating type in which rows are encoded: that of the network."""

from __future__ import annotations

from typing import Any, Literal, Protocol

__all__ = ["FloatType", "dtype_of"]

FloatType = Literal["float32", "float64"]


class Typed(Protocol):
    """What encodes in a floating type."""

    dtype: str


def dtype_of(schema: Typed) -> dict[str, Any]:
    """What a state says of the type: nothing of float32, so that such states are those of older versions."""
    return {} if schema.dtype == "float32" else {"dtype": schema.dtype}
