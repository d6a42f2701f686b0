"""The laws of batches whose samples are independent."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Array, Value
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import Pass, passed, prepared, restarted
from nntrain.nn.testing.tree import float_leaves, leaves, mapped, sliced

__all__ = ["a_batch_is_its_stacked_samples", "a_smaller_batch_works", "axis_and_size"]

EXACT = 1e-10


def axis_and_size(case: Case) -> tuple[int, int]:
    """The axis of the batch, and the number of samples."""
    axis = case.batch_axis or 0
    sizes = {np.shape(leaf)[axis] for _, leaf in leaves(case.input) if np.ndim(leaf)}
    if len(sizes) != 1:
        raise LawBroken(f"the case: axis {axis} is no axis of samples, its sizes are {sorted(sizes)}")
    return axis, sizes.pop()


@law
def a_batch_is_its_stacked_samples(case: Case) -> None:
    """Every sample alone gives its slice of output and dx, and the gradients of all samples add up."""
    module = prepared(case)
    axis, size = axis_and_size(case)
    whole = passed(restarted(module), case)
    sums: list[Array] = [np.zeros_like(gradient) for gradient in whole.gradients]
    for index in range(size):
        alone = part(module, case, whole, index, index + 1)
        for what in ("output", "grad_input"):
            theirs = sliced(getattr(whole, what), axis, index, index + 1)
            ours = reshaped(getattr(alone, what), theirs)
            agree(f"{what} of sample {index} alone", ours, theirs, EXACT, relative=True)
        sums = [total + gradient for total, gradient in zip(sums, alone.gradients, strict=True)]
    agree("gradients", whole.gradients, sums, EXACT, relative=True)


@law
def a_smaller_batch_works(case: Case) -> None:
    """After a whole batch, part of it gives what it gives a new component, and so does the whole again."""
    used = prepared(case)
    _, size = axis_and_size(case)
    half = max(size // 2, 1)
    whole = passed(restarted(used), case)
    for start, stop in ((size - half, size), (0, half), (0, size)):
        got = part(used, case, whole, start, stop)
        wanted = part(prepared(case), case, whole, start, stop)
        for what in ("output", "grad_input", "gradients"):
            place = f"{what} of samples {start} to {stop - 1} after others"
            agree(place, getattr(got, what), getattr(wanted, what), EXACT, relative=True)


def part(component: Any, case: Case, whole: Pass, start: int, stop: int) -> Pass:
    """A pass of some of the samples, with their part of the grad_output."""
    axis = case.batch_axis or 0
    x, t, dy = (sliced(value, axis, start, stop) for value in (case.input, case.target, whole.grad_output))
    return passed(restarted(component), case, x, t, dy)


def reshaped(got: Value, wanted: Value) -> Value:
    """``got`` in the shapes of ``wanted`` where the numbers of elements allow: a batch of one may lose its axis."""
    shapes = {place: leaf.shape for place, leaf in float_leaves(wanted)}
    places = iter([place for place, _ in leaves(got)])

    def fitted(leaf: Array) -> Array:
        shape = shapes.get(next(places), np.shape(leaf))
        return np.reshape(leaf, shape) if np.size(leaf) == np.prod(shape, dtype=int) else leaf

    return mapped(fitted, got)
