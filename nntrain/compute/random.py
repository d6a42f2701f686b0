"""Random numbers from named streams, so that each can be saved, restored and repeated on its own.

A stream is a PCG64 generator whose seed is spawned from one number and a name (numpy's ``SeedSequence``:
O'Neill, "Developing a seed_seq Alternative", 2015).
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import has_memory
from nntrain.compute.array import Array
from nntrain.compute.threads import map_ranges

__all__ = [
    "create_stream",
    "fill_uniform",
    "fill_uniform_float32",
    "get_seed_generation",
    "get_stream_state",
    "initial_stream",
    "manual_seed",
    "preserve_initial_stream",
    "restore_stream",
    "spawn_stream",
]

# So many numbers take several times as long as to wake a thread.
MIN_PARALLEL_SIZE = 1 << 18

# No byte of a name has this value, so ("order", 97) and ("ordera",) are two streams.
END_OF_NAME = 256

_generations = itertools.count()
_generation = next(_generations)
_initial = np.random.default_rng()


def create_stream(seed: int, name: str, *numbers: int) -> np.random.Generator:
    """The stream ``name`` (and ``numbers``) of a run with that seed: always the same numbers."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*name.encode(), END_OF_NAME, *numbers)))


def manual_seed(seed: int) -> None:
    """Make the initial weights and the noise that follow repeatable: all streams start anew from ``seed``."""
    global _initial, _generation
    _initial = create_stream(seed, "init")
    _generation = next(_generations)


def initial_stream() -> np.random.Generator:
    """The stream that initial weights are drawn from."""
    return _initial


@contextmanager
def preserve_initial_stream() -> Iterator[None]:
    """A context in which weights may be drawn that nobody keeps: afterwards the stream goes on as if none had been."""
    global _initial
    kept, _initial = _initial, copy.deepcopy(_initial)
    try:
        yield
    finally:
        _initial = kept


def get_seed_generation() -> int:
    """A number that changes with every ``manual_seed``: a stream drawn from an older one is to be spawned again."""
    return _generation


def spawn_stream() -> np.random.Generator:
    """A stream for the noise of one module, independent of all others."""
    return _initial.spawn(1)[0]


def fill_uniform(array: Array, low: float, high: float) -> None:
    """Fill ``array`` from U(low, high). Where it has no memory, the stream goes on as if it had."""
    source = _initial.bit_generator
    if not has_memory() and isinstance(source, np.random.PCG64) and not source.state["has_uint32"]:
        source.advance(array.size)  # one step for each number
    else:
        array[...] = _initial.uniform(low, high, array.shape)


def fill_uniform_float32(generator: np.random.Generator, out: Array) -> None:
    """out ← U[0, 1) in single precision, shared out over threads: the same numbers as in one go.

    A step of PCG64 makes two of them, and its state after any number of steps is known in advance.
    """
    source, numbers = generator.bit_generator, out.reshape(-1)
    pairs = numbers.size // 2
    if numbers.size < MIN_PARALLEL_SIZE or not isinstance(source, np.random.PCG64) or source.state["has_uint32"]:
        generator.random(out=out, dtype=np.float32)
        return
    state = source.state

    def some_pairs(some: range) -> None:
        twin = np.random.PCG64(0)
        twin.state = state
        twin.advance(some.start)
        np.random.Generator(twin).random(out=numbers[2 * some.start : 2 * some.stop], dtype=np.float32)

    map_ranges(pairs, some_pairs, min_length=MIN_PARALLEL_SIZE // 4)
    source.advance(pairs)
    generator.random(out=numbers[2 * pairs :], dtype=np.float32)


def get_stream_state(generator: np.random.Generator) -> dict[str, Any]:
    """The state of a stream as JSON values (the integers have 128 bits)."""
    return dict(generator.bit_generator.state)


def restore_stream(state: dict[str, Any]) -> np.random.Generator:
    """The stream that goes on where ``list_checkpoints`` was called."""
    generator = np.random.Generator(np.random.PCG64())
    generator.bit_generator.state = state
    return generator
