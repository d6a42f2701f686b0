"""Comparison of values, with the largest difference and its likely cause."""

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.pass_result import PassResult
from nntrain.nn.testing.tree import iterate_leaves


def assert_close(what: str, actual: Value, expected: Value, tolerance: float = 0, relative: bool = False) -> None:
    """Raise CheckFailed unless every array of ``actual`` is within ``tolerance`` of ``expected``.

    ``relative``: the tolerance is multiplied by max(1, max |expected|) of the array.
    """
    assert_same_structure(what, actual, expected)
    ours = dict(iterate_leaves(actual))
    for path, theirs in iterate_leaves(expected):
        assert_leaf_close(what + path, np.asarray(ours[path]), np.asarray(theirs), tolerance, relative)


def assert_same_pass(
    label: str, actual: PassResult, expected: PassResult, tolerance: float = 0, relative: bool = False
) -> None:
    """Apply ``assert_close`` to output, dx and gradients; the defaults require identical bits."""
    for what in ("output", "grad_input", "gradients"):
        assert_close(f"{what} {label}", getattr(actual, what), getattr(expected, what), tolerance, relative)


def assert_same_structure(what: str, actual: Value, expected: Value) -> None:
    """Raise CheckFailed unless both have the same structure and shapes."""
    ours = {path: np.shape(leaf) for path, leaf in iterate_leaves(actual)}
    theirs = {path: np.shape(leaf) for path, leaf in iterate_leaves(expected)}
    if list(ours) != list(theirs):
        raise CheckFailed(f"{what}: got {format_structure(ours)}, expected {format_structure(theirs)}")
    for path, shape in theirs.items():
        if ours[path] != shape:
            raise CheckFailed(f"{what}{path}: got shape {ours[path]}, expected {shape}")


def format_structure(shapes: dict[str, tuple[int, ...]]) -> str:
    """Describe the structure of a value."""
    if list(shapes) == [""]:
        return f"an array of shape {shapes['']}"
    return f"a list with the elements {', '.join(shapes)}" if shapes else "nothing"


def assert_leaf_close(what: str, actual: Array, expected: Array, tolerance: float, relative: bool) -> None:
    """Apply ``assert_close`` to one array. NaN equals NaN, and infinities equal themselves."""
    if actual.dtype.kind not in "fiub" or expected.dtype.kind not in "fiub":
        raise CheckFailed(f"{what}: got {actual.dtype}, expected {expected.dtype}")
    actual, expected = actual.astype(np.float64), expected.astype(np.float64)
    with np.errstate(invalid="ignore"):
        distance = np.abs(actual - expected)
    distance = np.where((actual == expected) | (np.isnan(actual) & np.isnan(expected)), 0, distance)
    finite = np.abs(expected[np.isfinite(expected)])
    bound = tolerance * (max(1.0, float(finite.max(initial=0))) if relative else 1.0)
    wrong = ~(distance <= bound)
    if wrong.any():
        distance = np.where(np.isnan(distance), np.inf, distance)
        raise CheckFailed(describe_difference(what, actual, expected, distance, wrong))


def describe_difference(what: str, actual: Array, expected: Array, distance: Array, wrong: Array) -> str:
    """Describe the largest difference of two arrays."""
    index = np.unravel_index(int(distance.argmax()), distance.shape)
    where = f" at [{', '.join(map(str, index))}]" if index else ""
    many = f" ({wrong.sum()} of {wrong.size} elements differ)" if wrong.size > 1 else ""
    reason = guess_cause(actual, expected)
    text = f"{what}: got {actual[index]:.9g}, expected {expected[index]:.9g}{where}, off by {distance[index]:.3g}{many}"
    return f"{text}: {reason}" if reason else text


def guess_cause(actual: Array, expected: Array) -> str:
    """Return the likely cause of a difference; "" if unknown."""
    if not np.isfinite(actual).all():
        return "not all elements are finite"
    if not actual.any():
        return "all elements are zero: is the result never computed, or overwritten?"
    if np.allclose(actual, expected, rtol=1e-6, atol=1e-7 * np.abs(actual).max()):
        return "the difference is within float32 rounding: is there a float32 array or constant?"
    if actual.ndim == 2 and actual.shape == actual.T.shape and np.allclose(actual.T, expected, rtol=1e-4):
        return "it is transposed"
    counts = np.abs(expected) > 1e-6 * np.abs(expected).max()
    if not np.isfinite(expected).all() or not counts.any() or not np.allclose(actual[~counts], 0, atol=1e-6):
        return ""
    ratios = actual[counts] / expected[counts]
    ratio = float(ratios.mean())
    return explain_factor(ratio, actual) if np.allclose(ratios, ratio, rtol=1e-3) and ratios.size > 1 else ""


def explain_factor(ratio: float, actual: Array) -> str:
    """Return the likely cause of a common factor."""
    n = actual.size
    sizes = {float(size): f"of {size}" for size in (n, *actual.shape) if size > 2}
    for factor, name in sizes.items():
        if np.isclose(ratio, factor, rtol=1e-3):
            return f"off by a factor {name}: a sum instead of a mean?"
        if np.isclose(ratio, 1 / factor, rtol=1e-3):
            return f"off by a factor of 1/{int(factor)}: a mean instead of a sum?"
    if np.isclose(ratio, -1, rtol=1e-3):
        return "the sign is wrong"
    if np.isclose(ratio, [2, 0.5], rtol=1e-3).any():
        return f"off by a factor of {ratio:.3g}: is a factor in the derivative missing, or is it accumulated twice?"
    return f"off by a factor of {ratio:.4g}: is a constant factor missing or duplicated?"
