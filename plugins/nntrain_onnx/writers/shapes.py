"""Layers that reshape, select and insert elements."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Shape, resolve_axis, shift_axis
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import IntegerWriter, OnnxWriter, TracedArray

# The stop of a slice that goes to the end, which has no negative index.
END = np.iinfo(np.int64).max


def convert(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    start, end = m.input_shape, m.output_shape
    if start == end:
        return x.name
    name = x.name if len(x.shape) == len(start) else g.unsqueeze(x.name, start.index("b"))
    if sorted(start) == sorted(end):
        name = g.op("Transpose", name, perm=[start.index(letter) for letter in end])
    elif end == "bf" and start.index("b"):
        perm = list(range(len(start)))
        perm[0], perm[start.index("b")] = perm[start.index("b")], 0
        name = g.op("Transpose", name, perm=perm)
    elif end == "b":
        name = g.slice(name, 1 - start.index("b"), 0, 1)
    return g.reshape(name, y.shape)


def find_axes(m: Any, x: Array) -> list[int]:
    """Return the axis of x for each axis of y, found with an x whose axes have different sizes."""
    sizes: Shape = tuple(range(2, 2 + x.ndim))
    swapped = m.forward(np.broadcast_to(np.float32(0), sizes)).shape
    return [sizes.index(size) for size in swapped]


def slice_axes(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    axis = resolve_axis(x.small_batch, m.dim)
    assert axis is not None
    sizes = (x.small_batch.shape[axis], x.large_batch.shape[axis])
    parts = [m.get_index(size, value) for size, value in zip(sizes, (x.small_batch, x.large_batch), strict=True)]
    if isinstance(parts[0], int):
        return g.op("Gather", x.name, np.array(find_stable_position(parts, sizes)), axis=axis)
    start = find_stable_position([part.start for part in parts], sizes)
    stop = find_stable_position([part.stop for part in parts], sizes)
    return g.slice(x.name, axis, start, END if [part.stop for part in parts] == [*sizes] else stop)


def find_stable_position(positions: Sequence[int], sizes: Sequence[int]) -> int:
    """Return the position that is equal in both batches, counted from the start, or from the end as a negative number.

    ValueError if there is none.
    """
    (small, large), (size, larger) = positions, sizes
    if small == large:
        return small
    if small - size == large - larger:
        return small - size
    raise ValueError("the selected rows depend on the number of rows")


def replicate(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    moves = m.n_input_dims is not None and len(x.shape) > m.n_input_dims
    # Sizes that grow with the rows are kept.
    sizes = np.array([1 if size == -1 else size for size in y.shape], np.int64)
    return g.op("Expand", g.unsqueeze(x.name, m.dim + moves), sizes)


def padding(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    moves = m.n_input_dims is not None and len(x.shape) != m.n_input_dims and m.dim >= 0
    axis = (m.dim + moves) % len(x.shape)
    size = x.shape[axis]
    # Slices of x before the inserted ones are counted from the start, those after them from the end.
    none, all_ = (0, size) if m.pad < 0 else (size, 0)
    if m.index in (none, all_):
        before, after = (0, abs(m.pad)) if m.index == all_ else (abs(m.pad), 0)
        return add_padding(g, x.name, len(x.shape), axis, before, after, m.value)
    split = m.index if m.pad < 0 else -m.index
    left = add_padding(g, g.slice(x.name, axis, 0, split), len(x.shape), axis, 0, abs(m.pad), m.value)
    return g.op("Concat", left, g.slice(x.name, axis, split, END), axis=axis)


def add_padding(g: ModuleGraph, name: str, axes: int, axis: int, before: int, after: int, value: float) -> str:
    """Pad an axis before and after."""
    pads = np.zeros((2, axes), np.int64)
    pads[:, axis] = before, after
    return g.op("Pad", name, pads.reshape(-1), float(value))


def constant(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if y.shape[:1] != (-1,):
        return g.constant(y.small_batch.astype(np.float32))
    rows = g.op("Slice", g.op("Shape", x.name), np.array([0]), np.array([1]))
    shape = g.op("Concat", rows, np.array(m.value.shape), axis=0)
    return g.op("Expand", m.value, shape)


def one_hot(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("OneHot", g.to_integers(x.name), np.array(m.output_size), np.array([0.0, 1.0]), axis=-1)


def lookup_table(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    # Looked up by the layer, as max_norm rescales rows.
    rows = m.clone().forward(np.arange(len(m.weight)))
    return g.op("Gather", rows, g.to_integers(x.name), axis=0)


def split_table(g: ModuleGraph, m: Any, x: TracedArray, y: list[TracedArray]) -> list[str]:
    axis = resolve_axis(x.small_batch, m.dim, m.n_input_dims)
    assert axis is not None
    return [g.op("Gather", x.name, np.array(place), axis=axis) for place in range(len(y))]


def join_table(g: ModuleGraph, m: Any, x: list[TracedArray], y: TracedArray) -> str:
    return g.op("Concat", *(wire.name for wire in x), axis=shift_axis(m.dim, len(x[0].shape), m.n_input_dims))


WRITERS: dict[str, OnnxWriter] = {
    **dict.fromkeys(
        ("Collapse", "Reshape", "Squeeze", "Unsqueeze", "View"), lambda g, m, x, y: g.reshape(x.name, y.shape)
    ),
    "Transpose": lambda g, m, x, y: g.op("Transpose", x.name, perm=find_axes(m, x.small_batch)),
    "Convert": convert,
    **dict.fromkeys(("Narrow", "Select"), slice_axes),
    "Replicate": replicate,
    "Padding": padding,
    "Constant": constant,
    "OneHot": IntegerWriter(one_hot),
    "LookupTable": IntegerWriter(lookup_table),
    "Index": lambda g, m, x, y: g.op("Gather", x[0].name, g.to_integers(x[1].name), axis=m.dim),
    "SplitTable": split_table,
    "JoinTable": join_table,
}
