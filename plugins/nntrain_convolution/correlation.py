"""The three products of a convolution: y = W ⋆ x, its adjoint in x, and its adjoint in W."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.windows import Windows, fold, unfold

__all__ = ["Scratch", "adjoint", "correlate", "kernel_gradient"]

# Memory by name, shape and neighbour: what ``Component.buffer`` gives.
Scratch = Callable[[str, Shape, Array], Array]

# The windows of one block of samples take no more than this many bytes, unless one sample alone does.
BLOCK = 1 << 20


def correlate(x: Array, W: Array, windows: Windows, y: Array, scratch: Scratch) -> None:
    """y[n, g, o, i] ← Σ W[g, o, c, u] x[n, g, c, i · stride + u · dilation − padding]."""
    rows = W.reshape(*W.shape[:2], -1)
    for block in blocks(x, windows, y):
        columns = unfolded(x[block], W, windows, y, scratch)
        flat = scratch("flat", (len(columns), *W.shape[:2], columns.shape[3]), y)
        np.matmul(rows, columns, out=flat)
        y[block] = flat.reshape(y[block].shape)


def adjoint(dy: Array, W: Array, windows: Windows, dx: Array, scratch: Scratch) -> None:
    """dx[n, g, c, j] ← Σ W[g, o, c, u] dy[n, g, o, i] over all i · stride + u · dilation − padding = j."""
    rows = W.reshape(*W.shape[:2], -1).swapaxes(1, 2)
    counts = dy.shape[2:]
    for block in blocks(dx, windows, dy):
        part = dy[block]
        columns = scratch("columns", (len(part), *rows.shape[:2], math.prod(counts)), dy)
        np.matmul(rows, part.reshape(len(part), *W.shape[:2], -1), out=columns)
        fold(columns.reshape(len(part), dx.shape[1], *windows.kernel, *counts), windows, dx[block])


def kernel_gradient(x: Array, dy: Array, W: Array, windows: Windows, scratch: Scratch) -> Array:
    """dW[g, o, c, u] = Σ dy[n, g, o, i] x[n, g, c, i · stride + u · dilation − padding]."""
    dW = scratch("dW", W.shape, W)
    total = dW.reshape(*W.shape[:2], -1)
    total[...] = 0
    for block in blocks(x, windows, dy):
        columns = unfolded(x[block], W, windows, dy, scratch)
        parts = scratch("parts", (len(columns), *total.shape), dW)
        np.matmul(dy[block].reshape(len(columns), *W.shape[:2], -1), columns.swapaxes(2, 3), out=parts)
        for part in parts:
            np.add(total, part, out=total)
    return dW


def unfolded(x: Array, W: Array, windows: Windows, y: Array, scratch: Scratch) -> Array:
    """The windows of a block as one matrix (C · taps, places) for each sample and group."""
    counts = y.shape[2:]
    columns = scratch("columns", (*x.shape[:2], *windows.kernel, *counts), y)
    return unfold(x, windows, columns).reshape(len(x), len(W), -1, math.prod(counts))


def blocks(x: Array, windows: Windows, y: Array) -> Iterator[slice]:
    """The samples in blocks whose windows fit the buffer."""
    one = x.shape[1] * math.prod(windows.kernel) * math.prod(y.shape[2:]) * y.itemsize
    step = max(BLOCK // one, 1)
    return (slice(start, start + step) for start in range(0, len(x), step))
