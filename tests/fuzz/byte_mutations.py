"""Bytes that are not what they were."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

__all__ = ["mutated_bytes"]

# Numbers of 1, 2, 4 and 8 bytes that sizes and addresses go wrong at.
EDGES = (0, 1, 2**7, 2**8 - 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**48, 2**63 - 1, 2**63, 2**64 - 1)


def mutated_bytes(content: bytes, random: Random) -> bytes:
    """One to eight changes, each at a random place."""
    found = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        random.choice(CHANGES)(found, random)
    return bytes(found)


def place(content: bytearray, random: Random) -> int:
    """Anywhere; the beginning, where headers are, more often."""
    end = len(content) if random.random() < 0.7 else min(len(content), 512)
    return random.randrange(end) if end else 0


def length(random: Random) -> int:
    return random.choice((1, 2, 4, 8, 16, 100, 1000))


def flip(content: bytearray, random: Random) -> None:
    if content:
        content[place(content, random)] ^= 1 << random.randrange(8)


def overwrite(content: bytearray, random: Random) -> None:
    begin, count = place(content, random), length(random)
    fill = random.choice((b"\0", b"\xff", b" ", random.randbytes(count)))
    content[begin : begin + count] = (fill * count)[: max(0, min(count, len(content) - begin))]


def edge(content: bytearray, random: Random) -> None:
    """A number that things go wrong at."""
    begin, size = place(content, random), random.choice((1, 2, 4, 8))
    number = (random.choice(EDGES) % 2 ** (8 * size)).to_bytes(size, "little")
    content[begin : begin + size] = number[: max(0, len(content) - begin)]


def cut(content: bytearray, random: Random) -> None:
    begin = place(content, random)
    del content[begin : begin + length(random)]


def end_early(content: bytearray, random: Random) -> None:
    del content[place(content, random) :]


def insert(content: bytearray, random: Random) -> None:
    begin = place(content, random)
    content[begin:begin] = random.randbytes(length(random))


def repeat(content: bytearray, random: Random) -> None:
    """Put a stretch where another was, or before it."""
    source, target, count = place(content, random), place(content, random), length(random)
    stretch = content[source : source + count]
    content[target : target + random.choice((0, len(stretch)))] = stretch


CHANGES: tuple[Callable[[bytearray, Random], None], ...] = (flip, flip, overwrite, edge, cut, end_early, insert, repeat)
