"""How much memory the outputs and scratch arrays of a network may take.

Every array that a component keeps comes from ``Component.buffer``, which asks here before it takes new memory. So a
network whose output for one row is enormous is refused at the layer, before the memory is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from nntrain.errors import MemoryLimitError
from nntrain.formatting import format_size

if TYPE_CHECKING:
    from nntrain.compute.array import Shape, Value
    from nntrain.nn.component import Component

__all__ = [
    "BYTES_PER_MODULE",
    "CURRENT_LIMIT",
    "MIN_BYTES",
    "MemoryLimit",
    "count_bytes",
    "get_limit_for_rows",
    "use_memory_limit",
]

# What a network may take for its rows, whatever they are: 128 MB, and so many times the bytes that go in.
MIN_BYTES, INPUT_FACTOR = 128 * 10**6, 1000

# About the bytes of a module without its arrays.
BYTES_PER_MODULE = 3000


class MemoryLimit:
    """``size`` bytes for new memory, of which ``taken`` are in use."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.used = 0

    def reserve(self, component: Component, name: str, shape: Shape, size: int, before: int) -> None:
        """Count memory of ``size`` bytes, in the place of ``before``. MemoryLimitError if it is more than is left."""
        if size - before > self.size - self.used:
            what = "its output" if name == "output" else f"its memory for {name!r}"
            error = MemoryLimitError(
                f"{what} of shape {format_shape(shape)} takes {format_size(size)}, the limit is "
                f"{format_size(self.size)}"
            )
            error.place.append(component.label())
            raise error
        self.used += size - before


CURRENT_LIMIT: ContextVar[MemoryLimit | None] = ContextVar("LIMIT", default=None)


@contextmanager
def use_memory_limit(limit: MemoryLimit) -> Iterator[MemoryLimit]:
    """Inside, components may take as much new memory as the limit has left."""
    token = CURRENT_LIMIT.set(limit)
    try:
        yield limit
    finally:
        CURRENT_LIMIT.reset(token)


def get_limit_for_rows(x: Value) -> int:
    """What the network of an untrusted file may take for a batch of rows, if the machine has as much."""
    return MIN_BYTES + INPUT_FACTOR * count_bytes(x)


def count_bytes(value: Value) -> int:
    """The bytes of an array, or of all in a (nested) table."""
    return sum(map(count_bytes, value)) if isinstance(value, list | tuple) else int(value.nbytes)


def format_shape(shape: Sequence[int]) -> str:
    """A shape with commas inside its numbers: (1 × 4,000,000)."""
    return f"({' × '.join(f'{size:,}' for size in shape)})"
