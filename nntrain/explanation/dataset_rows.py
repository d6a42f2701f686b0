"""Some rows of a dataset, in memory or streamed."""

import numpy as np

from nntrain.compute.array import Array, IntArray, Value

# Rows of a streamed array that are read at once.
BLOCK_ROWS = 2**14


def space_evenly(count: int, limit: int) -> IntArray:
    """Return at most ``limit`` positions among ``count`` rows, evenly spaced."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).astype(np.intp))


def take_rows(inputs: Value, rows: IntArray) -> Value:
    """Return some rows of an array or of a list of arrays, in any order; they may be streamed."""
    return [read_rows(array, rows) for array in inputs] if isinstance(inputs, list) else read_rows(inputs, rows)


def read_rows(array: Array, rows: IntArray) -> Array:
    """Return some rows of an array, which is read in blocks if it is streamed."""
    if isinstance(array, np.ndarray):
        return array[rows]
    found = np.empty((len(rows), *array.shape[1:]), array.dtype)
    blocks = rows // BLOCK_ROWS
    for block in np.unique(blocks):
        chosen, begin = blocks == block, int(block) * BLOCK_ROWS
        found[chosen] = array[begin : begin + BLOCK_ROWS][rows[chosen] - begin]
    return found
