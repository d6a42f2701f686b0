"""How much memory a run takes, by what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nntrain.compute.storage_location import find_owner
from nntrain.training.run import Run

__all__ = ["footprint"]


def footprint(run: Run) -> dict[str, int]:
    """Bytes of arrays after a step, each array counted once, for the first of these that holds it."""
    holders = {
        "parameters": run.w,
        "gradients": run.dw,
        "optimizer": run.optimizer,
        "data": [run.data, run.batches],
        "activations": [run.network.model, run.network.criterion],
        "other": run,
    }
    seen: set[int] = set()
    return {name: sum(array.nbytes for array in owners(holder, seen)) for name, holder in holders.items()}


def owners(value: Any, seen: set[int]) -> Iterator[np.ndarray[Any, Any]]:
    """Every array that owns memory below a value, and was not seen before."""
    if id(value) in seen:
        return
    if isinstance(value, np.ndarray):
        owner = find_owner(value)
        if id(owner) not in seen:
            seen.add(id(owner))
            yield owner
        return
    if isinstance(value, dict | list | tuple):
        inner = list(value.values() if isinstance(value, dict) else value)
    elif hasattr(value, "__dict__") and not isinstance(value, type) and not callable(getattr(value, "__code__", None)):
        seen.add(id(value))
        inner = list(vars(value).values())
    else:
        return
    for item in inner:
        yield from owners(item, seen)
