"""Limit on the memory of a network's outputs and buffers.

Every buffer comes from ``Buffers.buffer``, which counts it here before the allocation. So a network with an enormous
output per row fails with the name of the layer, before it allocates the memory.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from nntrain.compute.array import Shape, Value
from nntrain.errors import MemoryLimitError
from nntrain.formatting import format_size

T = TypeVar("T")

# The limit for a batch is 128 MB plus this factor times the size of the batch.
MIN_BYTES, INPUT_FACTOR = 128 * 10**6, 1000

# Approximate bytes of a module without its arrays.
BYTES_PER_MODULE = 3000


class MemoryLimit:
    """A limit of ``size`` bytes for new memory, of which ``used`` are in use."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.used = 0

    def reserve(self, label: str, name: str, shape: Shape, size: int, before: int) -> None:
        """Count ``size`` bytes that replace ``before`` bytes. MemoryLimitError if the limit is exceeded."""
        if size - before > self.size - self.used:
            memory = "its output" if name == "output" else f"its memory for {name!r}"
            error = MemoryLimitError(
                f"{memory} of shape {format_shape(shape)} takes {format_size(size)}, the limit is "
                f"{format_size(self.size)}"
            )
            error.path.append(label)
            raise error
        self.used += size - before


CURRENT_LIMIT: ContextVar[MemoryLimit | None] = ContextVar("CURRENT_LIMIT", default=None)


@contextmanager
def set_variable(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Set a variable inside the context."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


@contextmanager
def use_memory_limit(limit: MemoryLimit) -> Iterator[MemoryLimit]:
    """Apply a limit to the new memory of components inside the context."""
    with set_variable(CURRENT_LIMIT, limit):
        yield limit


def get_limit_for_rows(x: Value) -> int:
    """Return the limit of a network from an untrusted file for a batch of rows."""
    return MIN_BYTES + INPUT_FACTOR * count_bytes(x)


def count_bytes(value: Value) -> int:
    """Return the bytes of an array, or of all arrays in a (nested) list."""
    return sum(map(count_bytes, value)) if isinstance(value, list | tuple) else int(value.nbytes)


def format_shape(shape: Sequence[int]) -> str:
    """Format a shape with thousands separators: (1 × 4,000,000)."""
    return f"({' × '.join(f'{size:,}' for size in shape)})"
