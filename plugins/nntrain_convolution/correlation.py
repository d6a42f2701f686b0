"""The three products of a convolution: y = b + W ⋆ x, its adjoint in x, and in W; each by the fastest way.

x (N, G · C, *sizes), W (G, O, C, *kernel), y (N, G · O, *counts): G groups of planes that do not meet.
"""

from __future__ import annotations

import math

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.threads import map_ranges, use_thread_pool
from nntrain.compute.windows import Windows
from nntrain_convolution.deal import Scratch
from nntrain_convolution.direct import Direct, direct_of
from nntrain_convolution.planewise import Planewise, planewise_of
from nntrain_convolution.runs import WASTE, waste
from nntrain_convolution.winograd import Winograd, winograd_of

__all__ = ["adjoint", "correlate", "kernel_gradient"]

# So many multiplications take several times as long as to wake a thread.
ENOUGH = 1 << 22

Method = Direct | Planewise | Winograd


@use_thread_pool()
def correlate(x: Array, W: Array, b: Array | None, windows: Windows, y: Array, scratch: Scratch) -> None:
    """y[n, g, o, i] ← b[g, o] + Σ W[g, o, c, u] x[n, g, c, i · stride + u · dilation − padding]."""
    method = method_of(windows, W.shape, y.shape[2:])
    weights = method.weights(W, scratch)
    map_ranges(len(x), lambda samples: method.correlate(x, weights, b, y, samples, scratch), least(W, y))


@use_thread_pool()
def adjoint(dy: Array, W: Array, b: Array | None, windows: Windows, dx: Array, scratch: Scratch) -> None:
    """dx[n, g, c, j] ← b[g, c] + Σ W[g, o, c, u] dy[n, g, o, i] over all i · stride + u · dilation − padding = j."""
    if turns(windows, W.shape, dx.shape[2:], dy.shape[2:]):
        turned = np.flip(W, tuple(range(3, W.ndim))).swapaxes(1, 2)
        correlate(dy, turned, b, turned_round(windows), dx, scratch)
        return
    method = method_of(windows, W.shape, dy.shape[2:])
    if isinstance(method, Planewise):
        method = direct_of(windows, dy.shape[2:], "wide")
    weights = method.weights(W, scratch)
    map_ranges(len(dx), lambda samples: method.scatter(dy, weights, dx, samples, scratch), least(W, dy))
    if b is not None:
        np.add(dx, b.reshape(-1, *(1,) * len(windows.kernel)), out=dx)


@use_thread_pool()
def kernel_gradient(x: Array, dy: Array, W: Array, windows: Windows, scratch: Scratch) -> Array:
    """dW[g, o, c, u] = Σ dy[n, g, o, i] x[n, g, c, i · stride + u · dilation − padding], in the shape of W."""
    method = method_of(windows, W.shape, dy.shape[2:])
    weights = method.weights(W, scratch)
    total, *terms = map_ranges(len(x), lambda samples: method.gradient(x, dy, weights, samples, scratch), least(W, dy))
    for term in terms:
        np.add(total, term, out=total)
    dW = scratch("dW", W.shape, W)
    method.kernels(total, dW)
    return dW


def method_of(windows: Windows, W: Shape, counts: Shape) -> Method:
    """The fastest method for W (G, O, C, *kernel) and y of these sizes. Figures: docs/performance.md."""
    groups, outputs, planes, *kernel = W
    dense = max(windows.stride) == 1 and max(windows.dilation) == 1
    # Where each plane meets kernels of its own, products are small, and it is the copying that counts.
    if groups > 1 and planes == 1 and max(windows.stride) == 1:
        return planewise_of(windows, counts)
    # Winograd's transforms cost about as much as products with 16 more planes; with fewer there is nothing to win.
    # Beyond 5 taps its numbers become too unequal, in three axes a tile has too many elements, in one it saves little.
    square = len(kernel) == 2 and 3 <= min(kernel) <= max(kernel) <= 5
    if groups == 1 and dense and square and min(planes, outputs) >= 16:
        return winograd_of(windows, counts)
    # With few planes of x there are fewer windows than places of y: they may be slow to copy if y is made in its place.
    if planes * math.prod(kernel) <= 2 * outputs or waste(windows, counts) == 1:
        return direct_of(windows, counts, "tight")
    # Long runs for large maps; where a fifth or more would be multiplied in vain, all samples of a block in one run.
    return direct_of(windows, counts, "last" if waste(windows, counts) > WASTE else "wide")


def turns(windows: Windows, W: Shape, sizes: Shape, counts: Shape) -> bool:
    """Whether the adjoint is made as the correlation of dy with the kernel turned round, which stride 1 allows.

    That copies every window of dy, where scattering adds every window of dx, which takes twice as long; but it makes
    all places of dx, which without padding are more than those of dy.
    """
    _, outputs, planes, *_ = W
    back = turned_round(windows).padding
    if max(windows.stride) > 1 or min(back) < 0:
        return False
    larger = math.prod(sizes) / math.prod(counts)
    return planes == outputs == 1 or outputs * larger < 1.5 * planes


def turned_round(windows: Windows) -> Windows:
    """The windows of y around the places of x."""
    back = tuple(s - 1 - p for s, p in zip(windows.span, windows.padding, strict=True))
    return Windows(windows.kernel, (), back, windows.dilation)


def least(W: Array, y: Array) -> int:
    """The fewest samples that are worth a thread of their own."""
    return 1 + ENOUGH // max(W.size * math.prod(y.shape[2:]), 1)
