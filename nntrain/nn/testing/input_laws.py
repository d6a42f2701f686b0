"""The laws of inputs: they are not written to, and need not be compact."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.law import law
from nntrain.nn.testing.passes import draw_like, forward, passed, prepared, restarted
from nntrain.nn.testing.tree import copied, mapped

__all__ = ["input_is_never_written", "strided_inputs_compute_the_same"]

EXACT = 1e-11


@law
def input_is_never_written(case: Case) -> None:
    """Forward and backward leave input, target and grad_output as they were."""
    component = restarted(prepared(case))
    x, t = copied(case.input), copied(case.target)
    dy = draw_like(forward(component, x, t))
    before = copied(dy)
    agree("input after forward", x, case.input)
    if not isinstance(component, Module):
        component.backward(x, t)
    elif case.backward:
        component.backward(x, dy)
    agree("input after the pass", x, case.input)
    agree("target after the pass", t, case.target)
    agree("grad_output after the pass", dy, before)


@law
def strided_inputs_compute_the_same(case: Case) -> None:
    """Inputs with gaps, such as the slices that a container hands on, give what compact ones give."""
    wanted = passed(restarted(prepared(case)), case)
    got = passed(restarted(prepared(case)), case, dy=wanted.grad_output, fresh=strided)
    for what in ("output", "grad_input", "gradients"):
        agree(f"{what} of an input with gaps", getattr(got, what), getattr(wanted, what), EXACT, relative=True)


def strided(value: Value) -> Value:
    """``value`` with every array as every second element of a larger one."""

    def spread(leaf: Any) -> Any:
        if not is_array(leaf) or not leaf.ndim:
            return leaf
        wide = np.zeros((*leaf.shape[:-1], 2 * leaf.shape[-1]), leaf.dtype)
        wide[..., ::2] = leaf
        return wide[..., ::2]

    return mapped(spread, value)
