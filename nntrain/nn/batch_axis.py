"""Keep the batch axis of a batch with one row.

A few of Torch's layers distinguish a batch from a sample by the number of elements or by axes of size 1: View(784)
maps (1, 28, 28) to (784,), but (2, 28, 28) to (2, 784). Called from Python, these layers behave the same here; within a
batched pass, the shape of the output must not depend on the size of the last batch.
"""

from contextlib import AbstractContextManager
from contextvars import ContextVar

from nntrain.compute.array import Value
from nntrain.compute.memory_limit import set_variable
from nntrain.nn.module import Module

SINGLE_ROW = ContextVar("SINGLE_ROW", default=False)


def forward_batch(module: Module, x: Value, rows: int) -> Value:
    """Return y for a batch x of ``rows`` rows, keeping the batch axis even for one row."""
    if rows != 1:
        return module.forward(x)
    with set_batch_rows(rows):
        return module.forward(x)


def set_batch_rows(rows: int) -> AbstractContextManager[None]:
    """Declare that inputs inside this context are batches of ``rows`` rows."""
    return set_variable(SINGLE_ROW, rows == 1)


def is_single_row() -> bool:
    """Whether the input is a batch of one row, so that a first axis of size 1 is the batch axis."""
    return SINGLE_ROW.get()
