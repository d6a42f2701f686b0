"""Connection tables for SpatialConvolutionMap and SpatialFullConvolutionMap: rows (input channel, output channel)."""

import numpy as np

from nntrain.compute.array import IntArray
from nntrain.compute.random import initial_stream
from nntrain.errors import ArgumentError


def full(nin: int, nout: int) -> IntArray:
    """Every input with every output: (0, 0), (1, 0), ..., (nin − 1, 0), (0, 1), ..."""
    check_sizes(nin, nout)
    return np.stack([np.tile(np.arange(nin), nout), np.repeat(np.arange(nout), nin)], axis=1)


def one_to_one(n: int) -> IntArray:
    """Input i with output i."""
    check_sizes(n)
    return np.stack([np.arange(n), np.arange(n)], axis=1)


def random(nin: int, nout: int, nto: int) -> IntArray:
    """``nto`` different random inputs for every output, the outputs in order.

    Each permutation of the inputs serves ⌊nin / nto⌋ outputs. ArgumentError unless nto ≤ nin.
    """
    check_sizes(nin, nout, nto)
    if nto > nin:
        raise ArgumentError(f"tables.random: expected nto of at most nin, got {nto} of {nin}")
    inputs: list[IntArray] = []
    while len(inputs) < nout:
        shuffled = initial_stream().permutation(nin)
        inputs += [shuffled[start : start + nto] for start in range(0, nin - nto + 1, nto)]
    return np.stack([np.concatenate(inputs[:nout]), np.repeat(np.arange(nout), nto)], axis=1)


def check_sizes(*sizes: int) -> None:
    """Raise ArgumentError unless all sizes are at least 1."""
    if min(sizes) < 1:
        raise ArgumentError(f"tables: expected sizes of at least 1, got {', '.join(map(str, sizes))}")
