"""The laws of memory."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.testing.batch_checks import get_axis_and_size
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check import as_check
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.pass_result import draw_like, prepare_component, restart_streams, run_forward
from nntrain.nn.testing.tree import copy_tree, iterate_leaves, map_leaves, slice_samples

__all__ = [
    "repeated_steps_allocate_nothing",
    "same_shape_reuses_memory",
]

# A batch is made so large that its largest array has this many elements: what Python's objects take is nothing then.
ELEMENTS = 1 << 17

# Allowed beside it: small temporaries per row, masks of bytes, and numpy's own buffers, which have a fixed size.
MAX_FRACTION, FIXED_BYTES = 0.75, 1 << 17


class RepeatedStep:
    """One input that is fed again and again: the same memory, with the same contents before each step."""

    def __init__(self, component: Any, case: Case, x: Value, t: Value, dy: Value) -> None:
        self.component = component
        self.backward = case.backward
        self.kept = (copy_tree(x), copy_tree(t), copy_tree(dy))
        self.given = (x, t, dy)

    def run(self) -> tuple[Value, Value]:
        """Forward and backward; output and grad_input as they are, not copied."""
        for (_, array), (_, value) in zip(iterate_leaves(self.given), iterate_leaves(self.kept), strict=True):
            if is_array(array):
                array[...] = value
        x, t, dy = self.given
        y = run_forward(self.component, x, t)
        if not isinstance(self.component, Module):
            return y, self.component.backward(x, t)
        return y, self.component.backward(x, dy) if self.backward else None


def build_repeated_step(component: Any, case: Case, x: Value, t: Value) -> RepeatedStep:
    """A feed of x and t, with a drawn gradient of the output."""
    y = run_forward(restart_streams(component), copy_tree(x), copy_tree(t))
    return RepeatedStep(component, case, x, t, draw_like(y) if isinstance(component, Module) else None)


@as_check
def same_shape_reuses_memory(case: Case) -> None:
    """Output and dx of a second pass of one shape lie where the first ones lay, also after a smaller batch."""
    component = prepare_component(case)
    whole = build_repeated_step(component, case, copy_tree(case.input), copy_tree(case.target))
    first = whole.run()
    assert_same_memory("a second pass", whole.run(), first)
    if case.batch_axis is not None:
        axis, size = get_axis_and_size(case)
        half = max(size // 2, 1)
        smaller = build_repeated_step(
            component, case, slice_samples(case.input, axis, 0, half), slice_samples(case.target, axis, 0, half)
        )
        smaller.run()
        assert_same_memory("a pass after a smaller one", whole.run(), first)


def assert_same_memory(when: str, now: tuple[Value, Value], first: tuple[Value, Value]) -> None:
    """CheckFailed unless all arrays lie where they lay at first. Those are kept, so their memory is not free."""
    for what, new, old in zip(("output", "grad_input"), now, first, strict=True):
        before = dict(iterate_leaves(old))
        for place, leaf in iterate_leaves(new):
            if is_array(leaf) and leaf.size and get_address(leaf) != get_address(before[place]):
                raise CheckFailed(f"{what}{place} of {when} lies in other memory: size it by output_of or buffer")


def get_address(array: Array) -> Any:
    """Where the first element lies."""
    return array.__array_interface__["data"][0]


@as_check
def repeated_steps_allocate_nothing(case: Case) -> None:
    """A third step of one shape allocates nothing that grows with the batch, by the count of allocated bytes."""
    x, t = enlarge_batch(case)
    component = prepare_component(case)
    fed = build_repeated_step(component, case, x, t)
    fed.run()
    fed.run()
    flowing = [x, *((inner.output, inner.grad_input) for inner in component.list_modules())]
    largest = max((leaf.nbytes for _, leaf in iterate_leaves(flowing) if is_array(leaf)), default=0)
    allocated = measure_peak(fed)
    if allocated > MAX_FRACTION * largest + FIXED_BYTES:
        raise CheckFailed(
            f"a step at rest: allocated {allocated} bytes beside arrays of at most {largest}: "
            "write with out= into output_of, grad_input_of or buffer"
        )


def measure_peak(fed: RepeatedStep) -> int:
    """How many bytes one step holds at most beyond those before it. numpy reports its arrays to tracemalloc."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        fed.run()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def enlarge_batch(case: Case) -> tuple[Value, Value]:
    """Input and target, with the samples repeated."""
    axis, _ = get_axis_and_size(case)
    largest = max(np.size(leaf) for _, leaf in iterate_leaves(case.input))
    times = ELEMENTS // max(largest, 1) + 1

    def repeated(leaf: Any) -> Any:
        return np.concatenate([leaf] * times, axis) if is_array(leaf) else leaf

    return map_leaves(repeated, case.input), map_leaves(repeated, case.target)
