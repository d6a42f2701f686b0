"""Named random streams, each of which can be saved, restored and repeated independently.

A stream is a PCG64 generator seeded from a number and a name through NumPy's ``SeedSequence`` (O'Neill, "Developing a
seed_seq Alternative", 2015).
"""

import copy
import itertools
import math
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import has_memory
from nntrain.compute.array import Array, Slice

# Steps of PCG64 whose bits stay in the caches until they are compared.
RAW_CHUNK_SIZE = 1 << 15

# Not a byte value, so ("order", 97) and ("ordera",) are different streams.
END_OF_NAME = 256

_generations = itertools.count()
_generation = next(_generations)
_initial = np.random.default_rng()


class ThreadTwin(threading.local):
    """A source of random bits for each thread, whose state is set before each use: a new one takes 20 µs."""

    def __init__(self) -> None:
        self.source = np.random.PCG64(0)


THREAD_TWIN = ThreadTwin()


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
    """out ← [u ≥ p], u ~ U[0, 1) in float32: 0 with probability p, else 1. ``out`` is contiguous."""
    plan_bernoulli(generator, p, out)(...)


def plan_bernoulli(generator: np.random.Generator, p: float, out: Array) -> Callable[[Slice], None]:
    """Advance the stream as ``fill_bernoulli`` does, and return the function that fills a slice of ``out``.

    Slices are along the first axis, and may be filled by several threads. The numbers u are those of
    ``generator.random(dtype=np.float32)``: the upper 24 bits of 32, times 2⁻²⁴. So u ≥ p if the 32 bits are at least
    p · 2²⁴, rounded up, times 2⁸. A step of PCG64 gives 64 bits, and it can advance by any number of steps at once.
    Comparing these bits takes three quarters of the time.
    """
    source, p = generator.bit_generator, float(np.float32(p))
    if sys.byteorder != "little" or not isinstance(source, np.random.PCG64) or not p < 1 or not out.size:
        np.greater_equal(generator.random(out.shape, np.float32), p, out=out)
        return lambda some: None
    threshold = np.uint32(math.ceil(max(p, 0.0) * 2**24) << 8)
    state = source.state
    # A stream that has used the first half of its last step continues with the second.
    rest = min(state["has_uint32"], out.size)
    skip_numbers(source, out.size - rest)
    row_size = out.size // len(out) if out.ndim else 1

    def fill(some: Slice) -> None:
        numbers = out[some].reshape(-1)
        position = 0 if some is ... else some.start * row_size
        if rest and position == 0:
            np.greater_equal(np.uint32(state["uinteger"]), threshold, out=numbers[:1])
            numbers = numbers[1:]
        else:
            position -= rest
        twin = THREAD_TWIN.source
        twin.state = state
        twin.advance(position // 2)
        skipped = position % 2
        while numbers.size:
            steps = min((numbers.size + skipped + 1) // 2, RAW_CHUNK_SIZE)
            bits = np.asarray(twin.random_raw(steps)).view(np.uint32)[skipped : skipped + numbers.size]
            np.greater_equal(bits, threshold, out=numbers[: bits.size])
            numbers, skipped = numbers[bits.size :], 0

    return fill


def skip_numbers(source: np.random.PCG64, count: int) -> None:
    """Advance a stream that has no half of a step left by ``count`` numbers of 32 bits, as if they had been drawn."""
    steps = (count + 1) // 2
    last = source.state["uinteger"]
    if steps:
        source.advance(steps - 1)
        last = int(np.asarray(source.random_raw(1)).view(np.uint32)[1])
    source.state = {**source.state, "has_uint32": count % 2, "uinteger": last}


def get_stream_state(generator: np.random.Generator) -> dict[str, Any]:
    """Return the state of a stream as JSON values (with 128-bit integers)."""
    return dict(generator.bit_generator.state)


def restore_stream(state: dict[str, Any]) -> np.random.Generator:
    """Return the stream of a state from ``get_stream_state``."""
    generator = np.random.Generator(np.random.PCG64())
    generator.bit_generator.state = state
    return generator
