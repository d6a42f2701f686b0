"""The laws of batches whose samples are independent."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check import as_check
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.comparison import assert_close
from nntrain.nn.testing.pass_result import PassResult, prepare_component, restart_streams, run_pass
from nntrain.nn.testing.tree import get_float_leaves, iterate_leaves, map_leaves, slice_samples

__all__ = ["batch_matches_single_samples", "batch_size_can_change", "get_axis_and_size"]

EXACT = 1e-10


def get_axis_and_size(case: Case) -> tuple[int, int]:
    """The axis of the batch, and the number of samples."""
    axis = case.batch_axis or 0
    sizes = {np.shape(leaf)[axis] for _, leaf in iterate_leaves(case.input) if np.ndim(leaf)}
    if len(sizes) != 1:
        raise CheckFailed(f"the case: axis {axis} is no axis of samples, its sizes are {sorted(sizes)}")
    return axis, sizes.pop()


@as_check
def batch_matches_single_samples(case: Case) -> None:
    """Every sample alone gives its slice of output and dx, and the gradients of all samples add up."""
    module = prepare_component(case)
    axis, size = get_axis_and_size(case)
    whole = run_pass(restart_streams(module), case)
    sums: list[Array] = [np.zeros_like(gradient) for gradient in whole.gradients]
    for index in range(size):
        alone = run_part(module, case, whole, index, index + 1)
        for what in ("output", "grad_input"):
            theirs = slice_samples(getattr(whole, what), axis, index, index + 1)
            ours = reshape_like(getattr(alone, what), theirs)
            assert_close(f"{what} of sample {index} alone", ours, theirs, EXACT, relative=True)
        sums = [total + gradient for total, gradient in zip(sums, alone.gradients, strict=True)]
    assert_close("gradients", whole.gradients, sums, EXACT, relative=True)


@as_check
def batch_size_can_change(case: Case) -> None:
    """After a whole batch, part of it gives what it gives a new component, and so does the whole again."""
    used = prepare_component(case)
    _, size = get_axis_and_size(case)
    half = max(size // 2, 1)
    whole = run_pass(restart_streams(used), case)
    for start, stop in ((size - half, size), (0, half), (0, size)):
        got = run_part(used, case, whole, start, stop)
        wanted = run_part(prepare_component(case), case, whole, start, stop)
        for what in ("output", "grad_input", "gradients"):
            place = f"{what} of samples {start} to {stop - 1} after others"
            assert_close(place, getattr(got, what), getattr(wanted, what), EXACT, relative=True)


def run_part(component: Any, case: Case, whole: PassResult, start: int, stop: int) -> PassResult:
    """A pass of some of the samples, with their part of the grad_output."""
    axis = case.batch_axis or 0
    x, t, dy = (slice_samples(value, axis, start, stop) for value in (case.input, case.target, whole.grad_output))
    return run_pass(restart_streams(component), case, x, t, dy)


def reshape_like(actual: Value, expected: Value) -> Value:
    """``got`` in the shapes of ``wanted`` where the numbers of elements allow: a batch of one may lose its axis."""
    shapes = {place: leaf.shape for place, leaf in get_float_leaves(expected)}
    places = iter([place for place, _ in iterate_leaves(actual)])

    def fitted(leaf: Array) -> Array:
        shape = shapes.get(next(places), np.shape(leaf))
        return np.reshape(leaf, shape) if np.size(leaf) == np.prod(shape, dtype=int) else leaf

    return map_leaves(fitted, actual)
