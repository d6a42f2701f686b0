"""Whether two values agree, and if not: where they differ most, by how much, and what it may be."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array, Value
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.tree import leaves

__all__ = ["agree", "likely", "same_structure"]


def agree(what: str, got: Value, wanted: Value, tolerance: float = 0, relative: bool = False) -> None:
    """LawBroken unless every leaf of ``got`` is within ``tolerance`` of that of ``wanted``.

    ``relative``: the tolerance is multiplied by max(1, max |wanted|) of the leaf.
    """
    same_structure(what, got, wanted)
    ours = dict(leaves(got))
    for place, theirs in leaves(wanted):
        compared(what + place, np.asarray(ours[place]), np.asarray(theirs), tolerance, relative)


def same_structure(what: str, got: Value, wanted: Value) -> None:
    """LawBroken unless both are tables of the same form, with arrays of the same shapes."""
    ours = {place: np.shape(leaf) for place, leaf in leaves(got)}
    theirs = {place: np.shape(leaf) for place, leaf in leaves(wanted)}
    if list(ours) != list(theirs):
        raise LawBroken(f"{what}: got {spoken(ours)}, wanted {spoken(theirs)}")
    for place, shape in theirs.items():
        if ours[place] != shape:
            raise LawBroken(f"{what}{place}: got the shape {ours[place]}, wanted {shape}")


def spoken(shapes: dict[str, tuple[int, ...]]) -> str:
    """The structure of a value in words."""
    if list(shapes) == [""]:
        return f"an array of shape {shapes['']}"
    return f"a table with the slots {', '.join(shapes)}" if shapes else "nothing"


def compared(what: str, got: Array, wanted: Array, tolerance: float, relative: bool) -> None:
    """``agree`` for one leaf. NaN agrees with NaN, and an infinity with itself."""
    if got.dtype.kind not in "fiub" or wanted.dtype.kind not in "fiub":
        raise LawBroken(f"{what}: got {got.dtype}, wanted {wanted.dtype}")
    got, wanted = got.astype(np.float64), wanted.astype(np.float64)
    with np.errstate(invalid="ignore"):
        distance = np.abs(got - wanted)
    distance = np.where((got == wanted) | (np.isnan(got) & np.isnan(wanted)), 0, distance)
    finite = np.abs(wanted[np.isfinite(wanted)])
    bound = tolerance * (max(1.0, float(finite.max(initial=0))) if relative else 1.0)
    wrong = ~(distance <= bound)
    if wrong.any():
        raise LawBroken(difference(what, got, wanted, np.where(np.isnan(distance), np.inf, distance), wrong))


def difference(what: str, got: Array, wanted: Array, distance: Array, wrong: Array) -> str:
    """The sentence about two arrays that differ."""
    place = np.unravel_index(int(distance.argmax()), distance.shape)
    where = f" at [{', '.join(map(str, place))}]" if place else ""
    many = f" ({wrong.sum()} of {wrong.size} elements differ)" if wrong.size > 1 else ""
    reason = likely(got, wanted)
    text = f"{what}: got {got[place]:.9g}, wanted {wanted[place]:.9g}{where}, off by {distance[place]:.3g}{many}"
    return f"{text}: {reason}" if reason else text


def likely(got: Array, wanted: Array) -> str:
    """What the mistake may be; nothing if the numbers do not say."""
    if not np.isfinite(got).all():
        return "not all of it is finite"
    if not got.any():
        return "all of it is zero: is it never computed, or overwritten?"
    if np.allclose(got, wanted, rtol=1e-6, atol=1e-7 * np.abs(got).max()):
        return "no further off than float32 rounds: is there a float32 array or constant in it?"
    if got.ndim == 2 and got.shape == got.T.shape and np.allclose(got.T, wanted, rtol=1e-4):
        return "it is transposed"
    counts = np.abs(wanted) > 1e-6 * np.abs(wanted).max()
    if not np.isfinite(wanted).all() or not counts.any() or not np.allclose(got[~counts], 0, atol=1e-6):
        return ""
    ratios = got[counts] / wanted[counts]
    ratio = float(ratios.mean())
    return by_factor(ratio, got) if np.allclose(ratios, ratio, rtol=1e-3) and ratios.size > 1 else ""


def by_factor(ratio: float, got: Array) -> str:
    """What it may be, if all is off by one factor."""
    n = got.size
    sizes = {float(size): f"of {size}" for size in (n, *got.shape) if size > 2}
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
