"""Named random streams, each of which can be saved, restored and repeated independently.

A stream is a PCG64 generator seeded from a number and a name through NumPy's ``SeedSequence`` (O'Neill, "Developing a
seed_seq Alternative", 2015).
"""

import copy
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import has_memory
from nntrain.compute.array import Array
from nntrain.compute.threads import map_ranges

# Minimum number of elements to split; fewer are drawn faster than a thread wakes.
MIN_PARALLEL_SIZE = 1 << 18

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


def fill_uniform_float32(generator: np.random.Generator, out: Array) -> None:
    """out ← U[0, 1) in float32, split among threads, with the same numbers as without threads.

    A step of PCG64 gives two float32 numbers, and it can advance by any number of steps at once.
    """
    source, numbers = generator.bit_generator, out.reshape(-1)
    pairs = numbers.size // 2
    if numbers.size < MIN_PARALLEL_SIZE or not isinstance(source, np.random.PCG64) or source.state["has_uint32"]:
        generator.random(out=out, dtype=np.float32)
        return
    state = source.state

    def fill_pairs(some: range) -> None:
        twin = np.random.PCG64(0)
        twin.state = state
        twin.advance(some.start)
        np.random.Generator(twin).random(out=numbers[2 * some.start : 2 * some.stop], dtype=np.float32)

    map_ranges(pairs, fill_pairs, min_length=MIN_PARALLEL_SIZE // 4)
    source.advance(pairs)
    generator.random(out=numbers[2 * pairs :], dtype=np.float32)


def get_stream_state(generator: np.random.Generator) -> dict[str, Any]:
    """Return the state of a stream as JSON values (with 128-bit integers)."""
    return dict(generator.bit_generator.state)


def restore_stream(state: dict[str, Any]) -> np.random.Generator:
    """Return the stream of a state from ``get_stream_state``."""
    generator = np.random.Generator(np.random.PCG64())
    generator.bit_generator.state = state
    return generator
