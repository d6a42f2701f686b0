"""How many threads BLAS may use: all for large products, one for small ones.

OpenBLAS wakes its threads for products of a few microseconds already, where they cost as much as they bring, and
where another process wants the same cores they wait for each other: a run was seen to take fifteen times as long.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from nntrain.nn.module import Module

__all__ = ["limited", "threads_for"]

# The size of the largest weight from which a second thread is worth its while, in batches of a hundred rows or so.
LARGE = 2**17

# Whoever sets one of these has decided.
VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "GOTO_NUM_THREADS")


def threads_for(model: Module) -> int | None:
    """The number of threads for a network, from its shapes alone, so that it stays; None if the user set it."""
    if any(os.environ.get(name) for name in VARIABLES):
        return None
    largest = max((array.size for array in model.parameters()[0]), default=0)
    return 1 if largest < LARGE else os.cpu_count() or 1


@contextmanager
def limited(model: Module) -> Iterator[None]:
    """A context in which BLAS uses as many threads as are good for the network."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(threads_for(model), user_api="blas"):
        yield
