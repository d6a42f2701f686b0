"""The memory that a call of NumPy reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.traffic.memory_span import MemorySpan, find_spans

# Functions that read and write no elements, and those that read none.
SILENT = ("empty", "empty_like", "may_share_memory", "shares_memory", "shape", "ndim", "size", "result_type")
CREATORS = ("zeros", "zeros_like", "ones", "ones_like", "full", "full_like")

# Functions that read only the selected elements of their first argument.
GATHERS = ("take", "take_along_axis", "__getitem__")

# Functions that write to their first argument: all elements, those at their second argument, or all after reading them.
FILLERS = ("copyto", "fill", "place", "putmask")
SCATTERS = ("at", "put", "put_along_axis", "__setitem__")
SORTERS = ("sort", "partition")


def find_call_spans(
    name: str, args: Sequence[Any], kwargs: dict[str, Any], result: Any
) -> tuple[list[MemorySpan], list[MemorySpan]]:
    """Return the memory that a finished call has read and written; nothing if it returned views."""
    operands, results = list(iterate_arrays((args, kwargs))), list(iterate_arrays(result))
    if name in SILENT:
        return [], []
    if name in SCATTERS:
        return find_scatter_spans(name, args, operands)
    if result is None and name in (*FILLERS, *SORTERS):
        return find_spans(operands if name in SORTERS else operands[1:]), find_spans(operands[:1])
    given = [*operands[1:], *iterate_arrays(kwargs.get("out"))]
    outputs = [array for array in results if any(array is other for other in given)]
    if results and not outputs and all(shares_memory(array, operands) for array in results):
        return [], []
    for output in outputs:
        # One occurrence, because an operation in place has another.
        del operands[max(index for index, array in enumerate(operands) if array is output)]
    reads, writes = find_spans([] if name in CREATORS else operands), find_spans(results)
    if name in GATHERS and reads:
        selected = sum(span.size for span in writes)
        reads[0] = reads[0]._replace(size=min(selected, reads[0].size))
    return reads, writes


def find_scatter_spans(
    name: str, args: Sequence[Any], operands: list[Array]
) -> tuple[list[MemorySpan], list[MemorySpan]]:
    """Return the memory of an assignment to selected elements; ``ufunc.at`` also reads them."""
    target, index = args[0], args[1]
    (whole,) = find_spans([target]) or [MemorySpan(0, 0, 0)]
    if name in ("put", "put_along_axis"):
        selected = whole._replace(size=min(np.size(index) * target.itemsize, whole.size))
    else:
        elements = np.asarray(target)[index]
        is_view = isinstance(elements, np.ndarray) and shares_memory(elements, [target])
        selected = MemorySpan.of(elements) if is_view else whole._replace(size=min(elements.nbytes, whole.size))
    written = [selected] if selected.size else []
    return find_spans(operands[1:]) + (written if name == "at" else []), written


def shares_memory(array: Array, others: Sequence[Array]) -> bool:
    """Whether the memory of an array overlaps that of others."""
    span = MemorySpan.of(array)
    return any(span.overlaps(MemorySpan.of(other)) for other in others)


def iterate_arrays(value: Any) -> Iterator[Array]:
    """Iterate over the arrays inside tuples, lists and dicts."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from iterate_arrays(item)
    elif isinstance(value, dict):
        yield from iterate_arrays(list(value.values()))
