"""The type of row numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["row_type"]


def row_type(rows: int) -> type[np.unsignedinteger[Any]]:
    """The smaller type of integers in which a row number fits: with many rows, their numbers take the most memory."""
    return np.uint32 if rows < 2**32 else np.uint64
