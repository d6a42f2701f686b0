"""The batch axis, which stays where a batch has one row.

Torch tells a batch from a sample by numbers of elements or by axes of size 1 in a few layers: View(784) makes (784,) of
(1, 28, 28), but (2, 784) of (2, 28, 28). That is what these layers do from Python; where rows go through a network in
batches, it would depend on the number of rows in the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from nntrain.compute.array import Value
from nntrain.nn.module import Module

__all__ = ["forward_batch", "is_single_row", "set_batch_rows"]

SINGLE_ROW = ContextVar("ONE_ROW", default=False)


def forward_batch(module: Module, x: Value, rows: int) -> Value:
    """y for a batch x of so many rows, whose axis stays, be it one row."""
    if rows != 1:
        return module.forward(x)
    with set_batch_rows(rows):
        return module.forward(x)


@contextmanager
def set_batch_rows(rows: int) -> Iterator[None]:
    """Inside, inputs are those of a batch of so many rows."""
    token = SINGLE_ROW.set(rows == 1)
    try:
        yield
    finally:
        SINGLE_ROW.reset(token)


def is_single_row() -> bool:
    """Whether the input at hand belongs to a batch of one row, so that a first axis of size 1 is that of the batch."""
    return SINGLE_ROW.get()
