"""Floating types by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.errors import ArgumentError

__all__ = ["element_type"]


def element_type(name: Any) -> np.dtype[Any]:
    """The floating type of that name. ArgumentError for any other."""
    try:
        dtype = np.dtype(name)
    except TypeError:
        dtype = None
    if dtype is None or dtype.kind != "f":
        raise ArgumentError(f"type: expected a floating type such as 'float32' or 'float64', got {name!r}")
    return dtype
