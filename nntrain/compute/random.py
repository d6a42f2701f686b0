"""Named random streams, each of which can be saved, restored and repeated independently.

A stream is a PCG64 generator seeded from a number and a name through NumPy's ``SeedSequence`` (O'Neill, "Developing a
seed_seq Alternative", 2015).
"""

import copy
import itertools
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import has_memory
from nntrain.compute.array import Array
from nntrain.compute.threads import map_ranges

# Minimum number of elements to split; fewer are drawn faster than a thread wakes.
MIN_PARALLEL_SIZE = 1 << 17

# Minimum number of steps of PCG64 per thread. For fewer, two threads take longer than one: their calls wait for each
# other.
MIN_STEPS = 1 << 17

# Steps of PCG64 whose bits stay in the caches until they are compared.
RAW_CHUNK_SIZE = 1 << 13

# Not a byte value, so ("order", 97) and ("ordera",) are different streams.
END_OF_NAME = 256

_generations = itertools.count()
_generation = next(_generations)
_initial = np.random.default_rng()


def create_stream(seed: int, name: str, *numbers: int) -> np.random.Generator:
    """Return the stream of a seed, a name and numbers; always the same."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*name.encode(), END_OF_NAME, *numbers)))


def manual_seed(seed: int) -> None:
    """Restart all random streams from ``seed``, so that initial weights and noise are reproducible."""
    global _initial, _generation
    _initial = create_stream(seed, "init")
    _generation = next(_generations)


def initial_stream() -> np.random.Generator:
    """Return the random stream of initial weights."""
    return _initial


@contextmanager
def preserve_initial_stream() -> Iterator[None]:
    """Restore the stream of initial weights on exit, as if none had been drawn."""
    global _initial
    kept, _initial = _initial, copy.deepcopy(_initial)
    try:
        yield
    finally:
        _initial = kept


def get_seed_generation() -> int:
    """Return a number that changes with every ``manual_seed``; streams of older numbers must be spawned again."""
    return _generation


def fill_uniform(array: Array, low: float, high: float) -> None:
    """Fill ``array`` from U(low, high). For an array without memory, only advance the stream."""
    source = _initial.bit_generator
    if not has_memory() and isinstance(source, np.random.PCG64) and not source.state["has_uint32"]:
        source.advance(array.size)  # one step per element
    else:
        array[...] = _initial.uniform(low, high, array.shape)


def fill_by_fan_in(fan_in: int, stdv: float | None, *arrays: Array) -> None:
    """Fill arrays from U(−s, s), s = 1 / √fan_in, or √3 stdv, which gives that standard deviation."""
    s = fan_in**-0.5 if stdv is None else stdv * 3**0.5
    for array in arrays:
        fill_uniform(array, -s, s)


def fill_bernoulli(generator: np.random.Generator, p: float, out: Array) -> None:
    """out ← [u ≥ p], u ~ U[0, 1) in float32: 0 with probability p, else 1. ``out`` is contiguous.

    The numbers u are those of ``generator.random(dtype=np.float32)``, with any number of threads: the upper 24 bits of
    32, times 2⁻²⁴. So u ≥ p if the 32 bits are at least p · 2²⁴, rounded up, times 2⁸. A step of PCG64 gives 64 bits,
    and it can advance by any number of steps at once. Comparing these bits takes three quarters of the time.
    """
    source, numbers = generator.bit_generator, out.reshape(-1)
    p = float(np.float32(p))
    if sys.byteorder != "little" or not isinstance(source, np.random.PCG64) or not p < 1:
        np.greater_equal(generator.random(out.shape, np.float32), p, out=out)
        return
    threshold = np.uint32(math.ceil(max(p, 0.0) * 2**24) << 8)
    state = source.state
    # A stream that has used the first half of its last step continues with the second.
    start = min(state["has_uint32"], numbers.size)
    pairs = (numbers.size - start) // 2
    ends = (numbers[:start], numbers[start + 2 * pairs :])
    np.greater_equal(generator.random(start, np.float32), p, out=ends[0])

    def fill_pairs(some: range) -> int:
        """Compare the numbers of some steps; return the second half of the last one."""
        twin: np.random.PCG64 = source
        half = 0
        if len(some) < pairs:
            twin = np.random.PCG64(0)
            twin.state = state
            twin.advance(some.start)
        for first in range(some.start, some.stop, RAW_CHUNK_SIZE):
            last = min(first + RAW_CHUNK_SIZE, some.stop)
            bits = np.asarray(twin.random_raw(last - first)).view(np.uint32)
            np.greater_equal(bits, threshold, out=numbers[start + 2 * first : start + 2 * last])
            half = int(bits[-1])
        return half

    halves = map_ranges(pairs, fill_pairs, min_length=MIN_STEPS)
    if len(halves) > 1:
        source.advance(pairs)
    elif pairs:
        # As ``random`` leaves it, though this half is used: states in checkpoints stay equal.
        source.state = {**source.state, "has_uint32": 0, "uinteger": halves[0]}
    np.greater_equal(generator.random(ends[1].size, np.float32), p, out=ends[1])


def get_stream_state(generator: np.random.Generator) -> dict[str, Any]:
    """Return the state of a stream as JSON values (with 128-bit integers)."""
    return dict(generator.bit_generator.state)


def restore_stream(state: dict[str, Any]) -> np.random.Generator:
    """Return the stream of a state from ``get_stream_state``."""
    generator = np.random.Generator(np.random.PCG64())
    generator.bit_generator.state = state
    return generator
