"""The three products of a convolution: y = b + W ⋆ x, and its adjoints in x and in W; each by the fastest method.

x (N, G · C, *sizes), W (G, O, C, *kernel), y (N, G · O, *counts), with G independent groups of channels.
"""

import math

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.threads import map_ranges, use_thread_pool
from nntrain.compute.windows import Windows
from nntrain_convolution.depthwise_convolution import create_depthwise
from nntrain_convolution.im2col_convolution import Im2colConvolution, create_im2col
from nntrain_convolution.im2col_layout import MAX_WASTE, compute_waste
from nntrain_convolution.stride_phases import Allocator
from nntrain_convolution.winograd_convolution import WinogradConvolution, create_winograd

# This many multiplications take several times as long as waking a thread.
MIN_WINOGRAD_WORK = 1 << 22

ConvolutionMethod = Im2colConvolution | WinogradConvolution


@use_thread_pool()
def correlate(x: Array, W: Array, b: Array | None, windows: Windows, y: Array, scratch: Allocator) -> None:
    """y[n, g, o, i] ← b[g, o] + Σ W[g, o, c, u] x[n, g, c, i · stride + u · dilation − padding]."""
    method = choose_method(windows, W.shape, y.shape[2:])
    weights = method.pack_weights(W, scratch)
    map_ranges(len(x), lambda samples: method.correlate(x, weights, b, y, samples, scratch), get_min_samples(W, y))


@use_thread_pool()
def correlate_adjoint(dy: Array, W: Array, b: Array | None, windows: Windows, dx: Array, scratch: Allocator) -> None:
    """dx[n, g, c, j] ← b[g, c] + Σ W[g, o, c, u] dy[n, g, o, i] over all i · stride + u · dilation − padding = j."""
    if use_flipped_kernel(windows, W.shape, dx.shape[2:], dy.shape[2:]):
        flipped = np.flip(W, tuple(range(3, W.ndim))).swapaxes(1, 2)
        correlate(dy, flipped, b, flip_windows(windows), dx, scratch)
        return
    method = choose_method(windows, W.shape, dy.shape[2:])
    weights = method.pack_weights(W, scratch)
    least = get_min_samples(W, dy)
    map_ranges(len(dx), lambda samples: method.correlate_adjoint(dy, weights, dx, samples, scratch), least)
    if b is not None:
        np.add(dx, b.reshape(-1, *(1,) * len(windows.kernel)), out=dx)


@use_thread_pool()
def correlate_kernel_gradient(x: Array, dy: Array, W: Array, windows: Windows, scratch: Allocator) -> Array:
    """dW[g, o, c, u] = Σ dy[n, g, o, i] x[n, g, c, i · stride + u · dilation − padding], in the shape of W."""
    method = choose_method(windows, W.shape, dy.shape[2:])
    weights = method.pack_weights(W, scratch)
    least = get_min_samples(W, dy)
    parts = map_ranges(len(x), lambda samples: method.compute_gradient(x, dy, weights, samples, scratch), least)
    total, *terms = parts
    for term in terms:
        np.add(total, term, out=total)
    dW = scratch("dW", W.shape, W)
    method.unpack_weights(total, dW)
    return dW


def choose_method(windows: Windows, W: Shape, counts: Shape) -> ConvolutionMethod:
    """The fastest method for W (G, O, C, *kernel) and y of these sizes. Figures: docs/performance.md."""
    groups, outputs, channels, *kernel = W
    dense = max(windows.stride) == 1 and max(windows.dilation) == 1
    # Where each channel has kernels of its own, products are small, and copying dominates.
    if groups > 1 and channels == 1 and max(windows.stride) == 1:
        return create_depthwise(windows, counts)
    # Winograd's transforms cost about as much as products with 16 more channels; with fewer there is nothing to gain.
    # Beyond 5 taps its numbers become too unequal, in three axes a tile has too many elements, in one it saves little.
    square = len(kernel) == 2 and 3 <= min(kernel) <= max(kernel) <= 5
    if groups == 1 and dense and square and min(channels, outputs) >= 16:
        return create_winograd(windows, counts)
    # With few channels of x there is less to copy than y has elements: slower copies pay if y is computed in place.
    if channels * math.prod(kernel) <= 2 * outputs or compute_waste(windows, counts) == 1:
        return create_im2col(windows, counts, "tight")
    # Long runs for large maps; where a fifth of the products would be wasted, all samples of a block in one run.
    return create_im2col(windows, counts, "last" if compute_waste(windows, counts) > MAX_WASTE else "wide")


def use_flipped_kernel(windows: Windows, W: Shape, sizes: Shape, counts: Shape) -> bool:
    """Whether the adjoint is computed as the correlation of dy with the flipped kernel, which stride 1 allows.

    That copies every window of dy, where scattering adds every window of dx, which takes twice as long; but it computes
    all positions of dx, which without padding are more than those of dy.
    """
    _, outputs, channels, *_ = W
    back = flip_windows(windows).padding
    if max(windows.stride) > 1 or min(back) < 0:
        return False
    larger = math.prod(sizes) / math.prod(counts)
    return channels == outputs == 1 or outputs * larger < 1.5 * channels


def flip_windows(windows: Windows) -> Windows:
    """The windows of y around the positions of x."""
    back = tuple(s - 1 - p for s, p in zip(windows.span, windows.padding, strict=True))
    return Windows(windows.kernel, (), back, windows.dilation)


def get_min_samples(W: Array, y: Array) -> int:
    """The minimum number of samples that are worth a thread."""
    return 1 + MIN_WINOGRAD_WORK // max(W.size * math.prod(y.shape[2:]), 1)
