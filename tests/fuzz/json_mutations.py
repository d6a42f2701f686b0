"""JSON values and configs that are not what they were: keys missing and too many, other types, absurd numbers."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from random import Random
from typing import Any

__all__ = ["mutated_json"]

NAMES = ("Linear", "Sequential", "os.system", "builtins.eval", "__class__", "adam", "mse", "number", "nowhere", "")

# What a stranger may put in the place of a value.
SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 10**6, 10**9, 2**31, 2**63, -(2**63), 10**30, 0.0, -0.5, 1e-320, 1e308,
    math.nan, math.inf, -math.inf, "x" * 10_000, "\0", "ü€😀",
    *NAMES,
)  # fmt: skip

# Places in a tree: the container, and the key or index in it.
Place = tuple[Any, Any]


def mutated_json(tree: Any, random: Random, *, structure: bool = True) -> Any:
    """One to four changes to a copy. ``structure``: not only of values, but of what lies where."""
    found = {"": copy.deepcopy(tree)}
    for _ in range(random.choice((1, 1, 2, 4))):
        change(found, random, structure)
    return found[""]


def change(tree: Any, random: Random, structure: bool) -> None:
    """One change at one place."""
    places = list(walk(tree))
    holder, key = random.choice(places)
    kind = random.choice(
        ("value", "number", "key", "take", "copy", "wrap", "many") if structure else ("value", "number")
    )
    value = holder[key]
    outermost = holder is tree
    if kind == "key" and isinstance(holder, dict) and not outermost:
        holder[random.choice((*NAMES, *holder))] = holder.pop(key)
    elif kind == "take" and not outermost:
        del holder[key]
    elif kind == "copy":
        other, where = random.choice(places)
        holder[key] = copy.deepcopy(other[where])
    elif kind == "wrap":
        holder[key] = wrapped(value, random)
    elif kind == "many" and isinstance(value, list) and value:
        holder[key] = value * random.choice((2, 3, 200))
    elif kind == "number" and isinstance(value, int | float):
        holder[key] = random.choice(
            (-value, value + 1, value - 1, value * 10**6, value * 10**12, value / 2, str(value))
        )
    else:
        holder[key] = junk(random) if structure else random.choice(SCALARS)


def walk(tree: Any) -> Iterator[Place]:
    """Every place, outermost first."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            yield holder, key
            if isinstance(value, dict | list):
                waiting.append(value)


def wrapped(value: Any, random: Random) -> Any:
    """The value inside lists or dicts."""
    for _ in range(random.choice((1, 1, 2, 50, 300))):
        value = [value] if random.random() < 0.5 else {random.choice(NAMES): value}
    return value


def junk(random: Random) -> Any:
    """A value of any kind."""
    return random.choice((*SCALARS, [], {}, [1, "a"], {"type": "Linear"}, {"ref": "a"}, [[]] * 3, [10**6, 10**6], [-1]))
