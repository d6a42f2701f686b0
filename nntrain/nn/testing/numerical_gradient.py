"""Numeric slopes in double precision, and whether a claimed gradient is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.comparison import guess_cause

__all__ = ["check_gradient"]

# The third root of the precision, near which rounding (ε L / h) and truncation (h² L''' / 6) are both small.
STEP = 1e-5

# Arrays with more elements are tried along random directions instead of element by element.
MAX_ELEMENTS = 128
DIRECTION_COUNT = 8

# Allowed error, relative to the largest slope, and to the loss, whose rounding the quotient magnifies.
RELATIVE_TOLERANCE = 1e-5
ROUNDING_TOLERANCE = 1e-8


@dataclass(frozen=True)
class GradientProbe:
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


def check_gradient(what: str, loss: Callable[[], float], array: Array, claimed: Array) -> None:
    """CheckFailed unless ``claimed`` is ∂loss/∂array, which is moved and put back.

    On a kink everything between the slopes to the left and to the right is one.
    """
    if array.shape != claimed.shape:
        raise CheckFailed(f"{what}: got the shape {claimed.shape}, wanted {array.shape}")
    if not np.isfinite(claimed).all():
        raise CheckFailed(f"{what}: not all of it is finite")
    at = loss()
    tolerance = RELATIVE_TOLERANCE * float(np.abs(claimed).max(initial=0)) + ROUNDING_TOLERANCE * max(1.0, abs(at))
    lines = list(iterate_elements(array, claimed) if array.size <= MAX_ELEMENTS else iterate_directions(array, claimed))
    numeric = np.array([compute_central_difference(loss, line, STEP * line.scale) for line in lines])
    tolerance += RELATIVE_TOLERANCE * float(np.abs(numeric).max(initial=0))
    ours = np.array([line.claimed for line in lines])
    wrong = [k for k in np.argsort(-np.abs(ours - numeric)) if abs(ours[k] - numeric[k]) > tolerance]
    wrong = [k for k in wrong if not is_between_slopes(loss, lines[k], at, tolerance)]
    if wrong:
        raise CheckFailed(format_mismatch(what, lines[wrong[0]], numeric[wrong[0]], len(wrong), ours, numeric))


def iterate_elements(array: Array, claimed: Array) -> Iterator[GradientProbe]:
    """One line for each element."""
    for index in np.ndindex(array.shape):
        base = np.array(array[index])
        yield GradientProbe(array, base, index, np.ones(()), float(claimed[index]), max(1.0, abs(float(base))))


def iterate_directions(array: Array, claimed: Array) -> Iterator[GradientProbe]:
    """A few lines that move all elements at once."""
    generator = create_stream(array.size, "directions")
    for _ in range(DIRECTION_COUNT):
        direction = generator.uniform(-1, 1, array.shape)
        yield GradientProbe(array, array.copy(), (), direction, float(np.vdot(claimed, direction)), 1.0)


def compute_central_difference(loss: Callable[[], float], line: GradientProbe, h: float) -> float:
    """(L(h) − L(−h)) / 2h."""
    line.move(h)
    right = loss()
    line.move(-h)
    left = loss()
    line.move(0)
    return (right - left) / (2 * h)


def is_between_slopes(loss: Callable[[], float], line: GradientProbe, at: float, tolerance: float) -> bool:
    """Whether the claim lies between the slopes to both sides, seen from nearer by."""
    h = STEP * line.scale / 16
    line.move(h)
    right = (loss() - at) / h
    line.move(-h)
    left = (at - loss()) / h
    line.move(0)
    return min(left, right) - tolerance <= line.claimed <= max(left, right) + tolerance


def format_mismatch(what: str, line: GradientProbe, numeric: float, wrong: int, ours: Array, theirs: Array) -> str:
    """The sentence about the worst line."""
    where = f"at [{', '.join(map(str, line.index))}]" if line.index or not line.array.shape else "along a direction"
    text = f"{what}: got {line.claimed:.9g}, wanted {numeric:.9g} {where}, the numerical gradient"
    reason = guess_cause(ours, theirs)
    return f"{text} ({wrong} of {ours.size} differ)" + (f": {reason}" if reason else "")
