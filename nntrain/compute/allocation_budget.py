"""How much memory a network may take while it is made from a file of an untrusted source.

The numbers of a network from a file are in the file, so its constructors need no memory for them: inside
``skip_allocation`` a parameter is its shape, and ``restore`` gives it memory; parameters that share memory in the file
share it then. The shapes are still counted, because constructors go through as many numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError

__all__ = [
    "get_allowed_elements",
    "get_remaining_elements",
    "has_memory",
    "limit_elements",
    "limit_memory",
    "preserve_budget",
    "reserve_elements",
    "skip_allocation",
    "zeros",
]

# Numbers that any file may call for: 4 MB in single precision.
FREE_ELEMENTS = 2**20

# Bytes that a parameter takes at the peak, while it is drawn or moved into the flat vector, with its gradient.
BYTES_PER_PARAMETER = 16

REMAINING: ContextVar[float] = ContextVar("LEFT", default=math.inf)
REASON: ContextVar[str] = ContextVar("WHY", default="")
HAS_MEMORY = ContextVar("HAS_MEMORY", default=True)


@contextmanager
def limit_elements(elements: float, reason: str = "than the file has; it was made to do harm") -> Iterator[None]:
    """Inside, parameters and buffers of so many numbers may be made, and no more. ``reason``: than what, in errors."""
    tokens = REMAINING.set(elements), REASON.set(reason)
    try:
        yield
    finally:
        REMAINING.reset(tokens[0])
        REASON.reset(tokens[1])


def limit_memory(memory: int) -> AbstractContextManager[None]:
    """An allowance of as many numbers as fit into so many bytes."""
    return limit_elements(memory // BYTES_PER_PARAMETER, "than fit into memory; make the network smaller")


@contextmanager
def preserve_budget() -> Iterator[None]:
    """Inside, as many numbers may be made as before; they are given back, and count no longer afterwards."""
    token = REMAINING.set(REMAINING.get())
    try:
        yield
    finally:
        REMAINING.reset(token)


def get_allowed_elements(numbers: int) -> int:
    """How many numbers a file may call for that has so many: some layers make more than they keep."""
    return FREE_ELEMENTS + 4 * numbers


def get_remaining_elements() -> float:
    """How many numbers may still be made."""
    return REMAINING.get()


def reserve_elements(*shape: int) -> None:
    """Call before making an array. ArgumentError if it is more than is left."""
    left = REMAINING.get()
    if left == math.inf:
        return
    elements = math.prod(shape)
    if elements > left:
        raise ArgumentError(f"its sizes call for {elements:,} numbers, more {REASON.get()}")
    REMAINING.set(left - elements)


@contextmanager
def skip_allocation() -> Iterator[None]:
    """Inside, ``zeros`` are shapes: every array has the memory of one number, until a state is restored."""
    token = HAS_MEMORY.set(False)
    try:
        yield
    finally:
        HAS_MEMORY.reset(token)


def has_memory() -> bool:
    """Whether new arrays have memory for each of their numbers."""
    return HAS_MEMORY.get()


def zeros(*shape: int) -> Array:
    """Zeros in single precision, in an array that is part of a module's state."""
    if has_memory():
        return np.zeros(shape, np.float32)
    return np.ndarray(shape, np.float32, np.zeros(1, np.float32), strides=(0,) * len(shape))
