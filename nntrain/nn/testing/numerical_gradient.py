"""Comparison of gradients with central differences in double precision."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.comparison import guess_cause

# About the cube root of the machine epsilon: rounding (ε L / h) and truncation (h² L''' / 6) are both small.
STEP = 1e-5

# Larger arrays are checked along random directions instead of element by element.
MAX_ELEMENTS = 128
DIRECTION_COUNT = 8

# Tolerances relative to the largest gradient, and to the loss, whose rounding errors the quotient amplifies.
RELATIVE_TOLERANCE = 1e-5
ROUNDING_TOLERANCE = 1e-8


@dataclass(frozen=True)
class GradientProbe:
    """A perturbation of an array, ``base`` + h · ``direction`` at ``index``, and the claimed derivative along it."""

    array: Array
    base: Array
    index: tuple[int, ...]
    direction: Array
    claimed: float
    scale: float

    def move(self, h: float) -> None:
        """Set the array to ``base`` + h · ``direction``."""
        self.array[self.index] = self.base + h * self.direction


def check_gradient(what: str, loss: Callable[[], float], array: Array, claimed: Array) -> None:
    """Raise CheckFailed unless ``claimed`` is ∂loss/∂array; perturbs the array and restores it.

    At a kink any value between the left and the right derivative is accepted.
    """
    if array.shape != claimed.shape:
        raise CheckFailed(f"{what}: got shape {claimed.shape}, expected {array.shape}")
    if not np.isfinite(claimed).all():
        raise CheckFailed(f"{what}: not all elements are finite")
    base_loss = loss()
    tolerance = ROUNDING_TOLERANCE * max(1.0, abs(base_loss))
    tolerance += RELATIVE_TOLERANCE * float(np.abs(claimed).max(initial=0))
    iterate_probes = iterate_elements if array.size <= MAX_ELEMENTS else iterate_directions
    probes = list(iterate_probes(array, claimed))
    numeric = np.array([compute_central_difference(loss, probe, STEP * probe.scale) for probe in probes])
    tolerance += RELATIVE_TOLERANCE * float(np.abs(numeric).max(initial=0))
    ours = np.array([probe.claimed for probe in probes])
    wrong = [k for k in np.argsort(-np.abs(ours - numeric)) if abs(ours[k] - numeric[k]) > tolerance]
    wrong = [k for k in wrong if not is_between_derivatives(loss, probes[k], base_loss, tolerance)]
    if wrong:
        raise CheckFailed(format_mismatch(what, probes[wrong[0]], numeric[wrong[0]], len(wrong), ours, numeric))


def iterate_elements(array: Array, claimed: Array) -> Iterator[GradientProbe]:
    """Iterate over one probe per element."""
    for index in np.ndindex(array.shape):
        base = np.array(array[index])
        yield GradientProbe(array, base, index, np.ones(()), float(claimed[index]), max(1.0, abs(float(base))))


def iterate_directions(array: Array, claimed: Array) -> Iterator[GradientProbe]:
    """Iterate over a few probes that perturb all elements."""
    generator = create_stream(array.size, "directions")
    for _ in range(DIRECTION_COUNT):
        direction = generator.uniform(-1, 1, array.shape)
        yield GradientProbe(array, array.copy(), (), direction, float(np.vdot(claimed, direction)), 1.0)


def compute_central_difference(loss: Callable[[], float], probe: GradientProbe, h: float) -> float:
    """Return (L(h) − L(−h)) / 2h."""
    probe.move(h)
    right = loss()
    probe.move(-h)
    left = loss()
    probe.move(0)
    return (right - left) / (2 * h)


def is_between_derivatives(loss: Callable[[], float], probe: GradientProbe, base_loss: float, tolerance: float) -> bool:
    """Whether the claim is between the one-sided derivatives, with a smaller step."""
    h = STEP * probe.scale / 16
    probe.move(h)
    right = (loss() - base_loss) / h
    probe.move(-h)
    left = (base_loss - loss()) / h
    probe.move(0)
    return min(left, right) - tolerance <= probe.claimed <= max(left, right) + tolerance


def format_mismatch(what: str, probe: GradientProbe, numeric: float, wrong: int, ours: Array, theirs: Array) -> str:
    """Describe the worst probe."""
    where = f"at [{', '.join(map(str, probe.index))}]" if probe.index or not probe.array.shape else "along a direction"
    text = f"{what}: got {probe.claimed:.9g}, expected {numeric:.9g} {where}, the numerical gradient"
    reason = guess_cause(ours, theirs)
    return f"{text} ({wrong} of {ours.size} differ)" + (f": {reason}" if reason else "")
