"""Checks of memory: buffers are reused."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.array import Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.testing.batch_checks import get_axis_and_size
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.pass_result import draw_like, prepare_component, restart_streams, run_forward
from nntrain.nn.testing.tree import copy_tree, iterate_leaves, map_leaves, slice_samples

# Minimum size of a batch's largest array, so that the memory of Python objects is negligible.
ELEMENTS = 1 << 17

# Allowed allocations: small temporaries per row, byte masks, and NumPy's own buffers of fixed size.
MAX_FRACTION, FIXED_BYTES = 0.75, 1 << 17


class RepeatedStep:
    """A step of x and t with a random grad_output, which can be repeated with the same arrays and contents."""

    def __init__(self, component: Any, case: Case, x: Value, t: Value) -> None:
        self.component = component
        self.backward = case.backward
        y = run_forward(restart_streams(component), copy_tree(x), copy_tree(t))
        dy = draw_like(y) if isinstance(component, Module) else None
        self.values = (copy_tree(x), copy_tree(t), copy_tree(dy))
        self.arrays = (x, t, dy)

    def run(self) -> tuple[Value, Value]:
        """Run forward and backward; return output and grad_input without copies."""
        for (_, array), (_, value) in zip(iterate_leaves(self.arrays), iterate_leaves(self.values), strict=True):
            if is_array(array):
                array[...] = value
        x, t, dy = self.arrays
        y = run_forward(self.component, x, t)
        if not isinstance(self.component, Module):
            return y, self.component.backward(x, t)
        return y, self.component.backward(x, dy) if self.backward else None


@as_check
def same_shape_reuses_memory(case: Case) -> None:
    """Check that a second pass of one shape reuses the memory of output and dx, also after a smaller batch."""
    component = prepare_component(case)
    whole = RepeatedStep(component, case, copy_tree(case.input), copy_tree(case.target))
    first = whole.run()
    assert_same_memory("a second pass", whole.run(), first)
    if case.batch_axis is not None:
        axis, size = get_axis_and_size(case)
        half = max(size // 2, 1)
        x, t = (slice_samples(value, axis, 0, half) for value in (case.input, case.target))
        RepeatedStep(component, case, x, t).run()
        assert_same_memory("a pass after a smaller one", whole.run(), first)


def assert_same_memory(when: str, now: tuple[Value, Value], first: tuple[Value, Value]) -> None:
    """Raise CheckFailed unless all arrays have the address of the first ones, which are still alive."""
    for what, new, old in zip(("output", "grad_input"), now, first, strict=True):
        before = dict(iterate_leaves(old))
        for path, leaf in iterate_leaves(new):
            if is_array(leaf) and leaf.size and get_memory_key(leaf) != get_memory_key(before[path]):
                raise CheckFailed(f"{what}{path} of {when} is in new memory; create it with output_of or buffer")


@as_check
def repeated_steps_allocate_nothing(case: Case) -> None:
    """Check that a third step of one shape allocates no memory that grows with the batch."""
    x, t = enlarge_batch(case)
    component = prepare_component(case)
    step = RepeatedStep(component, case, x, t)
    step.run()
    step.run()
    values = [x, *((inner.output, inner.grad_input) for inner in component.list_modules())]
    largest = max((leaf.nbytes for _, leaf in iterate_leaves(values) if is_array(leaf)), default=0)
    allocated = measure_peak(step.run)
    if allocated > MAX_FRACTION * largest + FIXED_BYTES:
        raise CheckFailed(
            f"a repeated step: allocated {allocated} bytes, with arrays of at most {largest} bytes; "
            "write with out= into output_of, grad_input_of or buffer"
        )


def measure_peak(run: Callable[[], object]) -> int:
    """Return the peak number of bytes that a call allocates, including NumPy's arrays."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        run()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def enlarge_batch(case: Case) -> tuple[Value, Value]:
    """Return input and target with the samples repeated."""
    axis, _ = get_axis_and_size(case)
    largest = max(np.size(leaf) for _, leaf in iterate_leaves(case.input))
    times = ELEMENTS // max(largest, 1) + 1

    def repeat(leaf: Any) -> Any:
        return np.concatenate([leaf] * times, axis) if is_array(leaf) else leaf

    return map_leaves(repeat, case.input), map_leaves(repeat, case.target)
