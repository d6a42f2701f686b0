"""How much memory a network may take while it is made from a file that nobody vouches for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from nntrain.errors import ArgumentError

__all__ = ["allowance", "spend"]

LEFT: ContextVar[float] = ContextVar("LEFT", default=math.inf)


@contextmanager
def allowance(elements: float) -> Iterator[None]:
    """Inside, parameters and buffers of so many numbers may be made, and no more."""
    token = LEFT.set(elements)
    try:
        yield
    finally:
        LEFT.reset(token)


def spend(*shape: int) -> None:
    """Call before making an array. ArgumentError if it is more than is left."""
    left = LEFT.get()
    if left == math.inf:
        return
    elements = math.prod(shape)
    if elements > left:
        raise ArgumentError(f"its sizes call for {elements:,} numbers, more than the file has; it was made to do harm")
    LEFT.set(left - elements)
