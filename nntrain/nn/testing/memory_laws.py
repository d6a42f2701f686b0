"""The laws of memory."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np

from nntrain.nn.array import Array, Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.testing.batch_laws import axis_and_size
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import draw_like, forward, prepared, restarted
from nntrain.nn.testing.tree import copied, leaves, mapped, sliced

__all__ = [
    "a_step_at_rest_allocates_nothing",
    "the_same_shape_gives_the_same_memory",
]

# A batch is made so large that its largest array has this many elements: what Python's objects take is nothing then.
ELEMENTS = 1 << 17

# Allowed beside it: small temporaries per row, masks of bytes, and numpy's own buffers, which have a fixed size.
SHARE, FIXED = 0.75, 1 << 17


class Feed:
    """One input that is fed again and again: the same memory, with the same contents before each step."""

    def __init__(self, component: Any, case: Case, x: Value, t: Value, dy: Value) -> None:
        self.component = component
        self.backward = case.backward
        self.kept = (copied(x), copied(t), copied(dy))
        self.given = (x, t, dy)

    def step(self) -> tuple[Value, Value]:
        """Forward and backward; output and grad_input as they are, not copied."""
        for (_, array), (_, value) in zip(leaves(self.given), leaves(self.kept), strict=True):
            if is_array(array):
                array[...] = value
        x, t, dy = self.given
        y = forward(self.component, x, t)
        if not isinstance(self.component, Module):
            return y, self.component.backward(x, t)
        return y, self.component.backward(x, dy) if self.backward else None


def feed(component: Any, case: Case, x: Value, t: Value) -> Feed:
    """A feed of x and t, with a drawn gradient of the output."""
    y = forward(restarted(component), copied(x), copied(t))
    return Feed(component, case, x, t, draw_like(y) if isinstance(component, Module) else None)


@law
def the_same_shape_gives_the_same_memory(case: Case) -> None:
    """Output and dx of a second pass of one shape lie where the first ones lay, also after a smaller batch."""
    component = prepared(case)
    whole = feed(component, case, copied(case.input), copied(case.target))
    first = whole.step()
    same_place("a second pass", whole.step(), first)
    if case.batch_axis is not None:
        axis, size = axis_and_size(case)
        half = max(size // 2, 1)
        smaller = feed(component, case, sliced(case.input, axis, 0, half), sliced(case.target, axis, 0, half))
        smaller.step()
        same_place("a pass after a smaller one", whole.step(), first)


def same_place(when: str, now: tuple[Value, Value], first: tuple[Value, Value]) -> None:
    """LawBroken unless all arrays lie where they lay at first. Those are kept, so their memory is not free."""
    for what, new, old in zip(("output", "grad_input"), now, first, strict=True):
        before = dict(leaves(old))
        for place, leaf in leaves(new):
            if is_array(leaf) and leaf.size and address(leaf) != address(before[place]):
                raise LawBroken(f"{what}{place} of {when} lies in other memory: size it by output_of or buffer")


def address(array: Array) -> Any:
    """Where the first element lies."""
    return array.__array_interface__["data"][0]


@law
def a_step_at_rest_allocates_nothing(case: Case) -> None:
    """A third step of one shape allocates nothing that grows with the batch, by the count of allocated bytes."""
    x, t = enlarged(case)
    component = prepared(case)
    fed = feed(component, case, x, t)
    fed.step()
    fed.step()
    flowing = [x, *((inner.output, inner.grad_input) for inner in component.list_modules())]
    largest = max((leaf.nbytes for _, leaf in leaves(flowing) if is_array(leaf)), default=0)
    allocated = peak_of_a_step(fed)
    if allocated > SHARE * largest + FIXED:
        raise LawBroken(
            f"a step at rest: allocated {allocated} bytes beside arrays of at most {largest}: "
            "write with out= into output_of, grad_input_of or buffer"
        )


def peak_of_a_step(fed: Feed) -> int:
    """How many bytes one step holds at most beyond those before it. numpy reports its arrays to tracemalloc."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        fed.step()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def enlarged(case: Case) -> tuple[Value, Value]:
    """Input and target, with the samples repeated."""
    axis, _ = axis_and_size(case)
    largest = max(np.size(leaf) for _, leaf in leaves(case.input))
    times = ELEMENTS // max(largest, 1) + 1

    def repeated(leaf: Any) -> Any:
        return np.concatenate([leaf] * times, axis) if is_array(leaf) else leaf

    return mapped(repeated, case.input), mapped(repeated, case.target)
