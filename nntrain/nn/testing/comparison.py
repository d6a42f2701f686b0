"""Whether two values agree, and if not: where they differ most, by how much, and what it may be."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.tree import iterate_leaves

__all__ = ["assert_close", "assert_same_structure", "guess_cause"]


def assert_close(what: str, actual: Value, expected: Value, tolerance: float = 0, relative: bool = False) -> None:
    """CheckFailed unless every leaf of ``actual`` is within ``tolerance`` of that of ``expected``.

    ``relative``: the tolerance is multiplied by max(1, max |expected|) of the leaf.
    """
    assert_same_structure(what, actual, expected)
    ours = dict(iterate_leaves(actual))
    for place, theirs in iterate_leaves(expected):
        assert_leaf_close(what + place, np.asarray(ours[place]), np.asarray(theirs), tolerance, relative)


def assert_same_structure(what: str, actual: Value, expected: Value) -> None:
    """CheckFailed unless both are tables of the same form, with arrays of the same shapes."""
    ours = {place: np.shape(leaf) for place, leaf in iterate_leaves(actual)}
    theirs = {place: np.shape(leaf) for place, leaf in iterate_leaves(expected)}
    if list(ours) != list(theirs):
        raise CheckFailed(f"{what}: got {format_structure(ours)}, wanted {format_structure(theirs)}")
    for place, shape in theirs.items():
        if ours[place] != shape:
            raise CheckFailed(f"{what}{place}: got the shape {ours[place]}, wanted {shape}")


def format_structure(shapes: dict[str, tuple[int, ...]]) -> str:
    """The structure of a value in words."""
    if list(shapes) == [""]:
        return f"an array of shape {shapes['']}"
    return f"a table with the slots {', '.join(shapes)}" if shapes else "nothing"


def assert_leaf_close(what: str, actual: Array, expected: Array, tolerance: float, relative: bool) -> None:
    """``assert_close`` for one leaf. NaN agrees with NaN, and an infinity with itself."""
    if actual.dtype.kind not in "fiub" or expected.dtype.kind not in "fiub":
        raise CheckFailed(f"{what}: got {actual.dtype}, wanted {expected.dtype}")
    actual, expected = actual.astype(np.float64), expected.astype(np.float64)
    with np.errstate(invalid="ignore"):
        distance = np.abs(actual - expected)
    distance = np.where((actual == expected) | (np.isnan(actual) & np.isnan(expected)), 0, distance)
    finite = np.abs(expected[np.isfinite(expected)])
    bound = tolerance * (max(1.0, float(finite.max(initial=0))) if relative else 1.0)
    wrong = ~(distance <= bound)
    if wrong.any():
        raise CheckFailed(
            describe_difference(what, actual, expected, np.where(np.isnan(distance), np.inf, distance), wrong)
        )


def describe_difference(what: str, actual: Array, expected: Array, distance: Array, wrong: Array) -> str:
    """The sentence about two arrays that differ."""
    place = np.unravel_index(int(distance.argmax()), distance.shape)
    where = f" at [{', '.join(map(str, place))}]" if place else ""
    many = f" ({wrong.sum()} of {wrong.size} elements differ)" if wrong.size > 1 else ""
    reason = guess_cause(actual, expected)
    text = f"{what}: got {actual[place]:.9g}, wanted {expected[place]:.9g}{where}, off by {distance[place]:.3g}{many}"
    return f"{text}: {reason}" if reason else text


def guess_cause(actual: Array, expected: Array) -> str:
    """What the mistake may be; nothing if the numbers do not say."""
    if not np.isfinite(actual).all():
        return "not all of it is finite"
    if not actual.any():
        return "all of it is zero: is it never computed, or overwritten?"
    if np.allclose(actual, expected, rtol=1e-6, atol=1e-7 * np.abs(actual).max()):
        return "no further off than float32 rounds: is there a float32 array or constant in it?"
    if actual.ndim == 2 and actual.shape == actual.T.shape and np.allclose(actual.T, expected, rtol=1e-4):
        return "it is transposed"
    counts = np.abs(expected) > 1e-6 * np.abs(expected).max()
    if not np.isfinite(expected).all() or not counts.any() or not np.allclose(actual[~counts], 0, atol=1e-6):
        return ""
    ratios = actual[counts] / expected[counts]
    ratio = float(ratios.mean())
    return explain_factor(ratio, actual) if np.allclose(ratios, ratio, rtol=1e-3) and ratios.size > 1 else ""


def explain_factor(ratio: float, actual: Array) -> str:
    """What it may be, if all is off by one factor."""
    n = actual.size
    sizes = {float(size): f"of {size}" for size in (n, *actual.shape) if size > 2}
    for factor, name in sizes.items():
        if np.isclose(ratio, factor, rtol=1e-3):
            return f"off by a factor {name}: a sum where a mean is meant?"
        if np.isclose(ratio, 1 / factor, rtol=1e-3):
            return f"off by a factor of 1/{int(factor)}: a mean where a sum is meant?"
    if np.isclose(ratio, -1, rtol=1e-3):
        return "the sign is turned"
    if np.isclose(ratio, [2, 0.5], rtol=1e-3).any():
        return f"off by a factor of {ratio:.3g}: a forgotten factor in the derivative, or accumulated twice?"
    return f"off by a factor of {ratio:.4g}: is a constant factor forgotten, or too many?"
