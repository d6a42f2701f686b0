"""The floating type of encoded rows, which is that of the network."""

from __future__ import annotations

from typing import Any, Literal

FloatType = Literal["float32", "float64"]


def build_dtype_state(dtype: str) -> dict[str, Any]:
    """Return the entry of a state for the type: none for float32, as in the states of older versions."""
    return {} if dtype == "float32" else {"dtype": dtype}
