"""The floating type in which rows are encoded: that of the network."""

from __future__ import annotations

from typing import Any, Literal, Protocol

__all__ = ["FloatType", "build_dtype_state"]

FloatType = Literal["float32", "float64"]


class HasDtype(Protocol):
    """What encodes in a floating type."""

    dtype: str


def build_dtype_state(preprocessor: HasDtype) -> dict[str, Any]:
    """What a state says of the type: nothing of float32, so that such states are those of older versions."""
    return {} if preprocessor.dtype == "float32" else {"dtype": preprocessor.dtype}
