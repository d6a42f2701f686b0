"""Rows that occur in two parts of the data: what was learnt from is then judged with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np

from nntrain.data.array import Array
from nntrain.data.part import Part

__all__ = ["Repeats", "repeats"]

# Rows that are looked at together.
ROWS = 4096

DIGEST = 16


@dataclass(frozen=True)
class Repeats:
    """``count`` rows of the part ``second`` are rows of the part ``first`` too, such as ``second_row``, ``first_row``.

    Rows are counted from 0 in their part.
    """

    first: str
    second: str
    count: int
    first_row: int
    second_row: int


def repeats(parts: Mapping[str, Part]) -> list[Repeats]:
    """The rows of every two parts that are the same to the network, inputs and targets."""
    places = {name: {digest: row for row, digest in reversed(list(enumerate(digests(p))))} for name, p in parts.items()}
    found = []
    for first, second in combinations(parts, 2):
        same = [(row, places[first][d]) for row, d in enumerate(digests(parts[second])) if d in places[first]]
        if same:
            found.append(Repeats(first, second, len(same), same[0][1], same[0][0]))
    return found


def digests(part: Part) -> Iterator[bytes]:
    """A digest of every row."""
    inputs = part.inputs if isinstance(part.inputs, list) else [part.inputs]
    arrays = [*inputs, *([] if part.targets is None else [part.targets])]
    for start in range(0, part.rows, ROWS):
        together = np.concatenate([as_bytes(array[start : start + ROWS]) for array in arrays], axis=1)
        yield from (blake2b(row, digest_size=DIGEST).digest() for row in together)


def as_bytes(rows: Array) -> Array:
    """uint8 (n, bytes of a row). −0 and 0 are one number."""
    flat = np.ascontiguousarray(rows.reshape(len(rows), -1))
    return (flat + 0 if flat.dtype.kind == "f" else flat).view(np.uint8)
