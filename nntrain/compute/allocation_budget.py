"""Limits on the memory of a network that is built from an untrusted file.

The parameter values are in the file, so constructors need not allocate them: inside ``skip_allocation`` a parameter
has only a shape, and ``restore`` allocates it, with the sharing of the file. Shapes still count, because constructors
process every element.
"""

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.memory_limit import set_variable
from nntrain.errors import ArgumentError

# Elements that any file may allocate: 4 MB in float32.
FREE_ELEMENTS = 2**20

# Peak bytes per parameter, with its gradient, during initialization or flattening.
BYTES_PER_PARAMETER = 16

REMAINING: ContextVar[float] = ContextVar("REMAINING", default=math.inf)
REASON: ContextVar[str] = ContextVar("REASON", default="")
HAS_MEMORY = ContextVar("HAS_MEMORY", default=True)


@contextmanager
def limit_elements(elements: float, reason: str = "than the file has, which may be malicious") -> Iterator[None]:
    """Limit the elements of parameters and buffers created inside; ``reason`` ends the error message."""
    with set_variable(REMAINING, elements), set_variable(REASON, reason):
        yield


def limit_memory(memory: int) -> AbstractContextManager[None]:
    """Limit parameters and buffers to the number that fits into ``memory`` bytes."""
    return limit_elements(memory // BYTES_PER_PARAMETER, "than fit in memory; make the network smaller")


def preserve_budget() -> AbstractContextManager[None]:
    """Restore the remaining budget on exit."""
    return set_variable(REMAINING, REMAINING.get())


def get_allowed_elements(stored: int) -> int:
    """Return the budget for a file with ``stored`` elements: some layers create more than they save."""
    return FREE_ELEMENTS + 4 * stored


def get_remaining_elements() -> float:
    """Return the number of elements that may still be created."""
    return REMAINING.get()


def reserve_elements(*shape: int) -> None:
    """Count a new array. ArgumentError if it exceeds the remaining budget."""
    remaining = REMAINING.get()
    if remaining == math.inf:
        return
    elements = math.prod(shape)
    if elements > remaining:
        raise ArgumentError(f"its sizes require {elements:,} numbers, more {REASON.get()}")
    REMAINING.set(remaining - elements)


def skip_allocation() -> AbstractContextManager[None]:
    """Make ``zeros`` return arrays with memory for a single element, until a state is restored."""
    return set_variable(HAS_MEMORY, False)


def has_memory() -> bool:
    """Whether new arrays have memory for every element."""
    return HAS_MEMORY.get()


def zeros(*shape: int) -> Array:
    """Return float32 zeros for an array of a module's state."""
    if has_memory():
        return np.zeros(shape, np.float32)
    return np.ndarray(shape, np.float32, np.zeros(1, np.float32), strides=(0,) * len(shape))
