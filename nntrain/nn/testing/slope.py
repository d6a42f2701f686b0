"""Numeric slopes in double precision, and whether a claimed gradient is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.random import stream
from nntrain.nn.testing.compare import likely
from nntrain.nn.testing.law_broken import LawBroken

__all__ = ["claim_is_the_slope"]

# The third root of the precision, near which rounding (ε L / h) and truncation (h² L''' / 6) are both small.
STEP = 1e-5

# Arrays with more elements are tried along random directions instead of element by element.
SMALL = 128
DIRECTIONS = 8

# Allowed error, relative to the largest slope, and to the loss, whose rounding the quotient magnifies.
RELATIVE = 1e-5
ROUNDING = 1e-8


@dataclass(frozen=True)
class Line:
    """A way to move an array: to ``base`` + h · ``direction`` at ``index``, and the slope claimed for it."""

    array: Array
    base: Array
    index: tuple[int, ...]
    direction: Array
    claimed: float
    scale: float

    def move(self, h: float) -> None:
        """Go to distance h."""
        self.array[self.index] = self.base + h * self.direction


def claim_is_the_slope(what: str, loss: Callable[[], float], array: Array, claimed: Array) -> None:
    """LawBroken unless ``claimed`` is ∂loss/∂array, which is moved and put back.

    On a kink everything between the slopes to the left and to the right is one.
    """
    if array.shape != claimed.shape:
        raise LawBroken(f"{what}: got the shape {claimed.shape}, wanted {array.shape}")
    if not np.isfinite(claimed).all():
        raise LawBroken(f"{what}: not all of it is finite")
    at = loss()
    tolerance = RELATIVE * float(np.abs(claimed).max(initial=0)) + ROUNDING * max(1.0, abs(at))
    lines = list(elements(array, claimed) if array.size <= SMALL else directions(array, claimed))
    numeric = np.array([central(loss, line, STEP * line.scale) for line in lines])
    tolerance += RELATIVE * float(np.abs(numeric).max(initial=0))
    ours = np.array([line.claimed for line in lines])
    wrong = [k for k in np.argsort(-np.abs(ours - numeric)) if abs(ours[k] - numeric[k]) > tolerance]
    wrong = [k for k in wrong if not between(loss, lines[k], at, tolerance)]
    if wrong:
        raise LawBroken(sentence(what, lines[wrong[0]], numeric[wrong[0]], len(wrong), ours, numeric))


def elements(array: Array, claimed: Array) -> Iterator[Line]:
    """One line for each element."""
    for index in np.ndindex(array.shape):
        base = np.array(array[index])
        yield Line(array, base, index, np.ones(()), float(claimed[index]), max(1.0, abs(float(base))))


def directions(array: Array, claimed: Array) -> Iterator[Line]:
    """A few lines that move all elements at once."""
    generator = stream(array.size, "directions")
    for _ in range(DIRECTIONS):
        direction = generator.uniform(-1, 1, array.shape)
        yield Line(array, array.copy(), (), direction, float(np.vdot(claimed, direction)), 1.0)


def central(loss: Callable[[], float], line: Line, h: float) -> float:
    """(L(h) − L(−h)) / 2h."""
    line.move(h)
    right = loss()
    line.move(-h)
    left = loss()
    line.move(0)
    return (right - left) / (2 * h)


def between(loss: Callable[[], float], line: Line, at: float, tolerance: float) -> bool:
    """Whether the claim lies between the slopes to both sides, seen from nearer by."""
    h = STEP * line.scale / 16
    line.move(h)
    right = (loss() - at) / h
    line.move(-h)
    left = (at - loss()) / h
    line.move(0)
    return min(left, right) - tolerance <= line.claimed <= max(left, right) + tolerance


def sentence(what: str, line: Line, numeric: float, wrong: int, ours: Array, theirs: Array) -> str:
    """The sentence about the worst line."""
    where = f"at [{', '.join(map(str, line.index))}]" if line.index or not line.array.shape else "along a direction"
    text = f"{what}: got {line.claimed:.9g}, wanted {numeric:.9g} {where}, the numeric slope"
    reason = likely(ours, theirs)
    return f"{text} ({wrong} of {ours.size} differ)" + (f": {reason}" if reason else "")
