"""The law of precision."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import Pass, passed, prepared, restarted, set_mode, streams
from nntrain.nn.testing.tree import float_leaves, mapped

__all__ = ["float32_stays_float32"]

# How far single may lie from double precision, relative to the largest number of an array.
SINGLE = 1e-4


@law
def float32_stays_float32(case: Case) -> None:
    """A float32 component fed float32 gives float32 everywhere, and nearly the numbers of double precision."""
    single, double = prepared(case, "float32"), prepared(case)
    if isinstance(single, Module):
        for p, q in zip(single.parameters()[0], double.parameters()[0], strict=True):
            q[...] = p
        set_mode(double, case.train)
    x, t = rounded(case.input, "float32"), rounded(case.target, "float32")
    dy = rounded(passed(restarted(prepared(case)), case).grad_output, "float32")
    before = streams(restarted(single))
    got = passed(single, case, x, t, dy)
    all_single(single, got)
    if streams(single) != before:  # from one stream come other numbers of another precision
        return
    wanted = passed(restarted(double), case, *(rounded(value, "float64") for value in (x, t, dy)))
    for what in ("output", "grad_input", "gradients"):
        agree(f"{what} in float32", getattr(got, what), getattr(wanted, what), max(SINGLE, case.tolerance), True)


def rounded(value: Value, dtype: str) -> Value:
    """``value`` with its floating arrays in another type."""
    return mapped(lambda leaf: leaf.astype(dtype) if is_array(leaf) and leaf.dtype.kind == "f" else leaf, value)


def all_single(component: Any, got: Pass) -> None:
    """LawBroken where something is no longer float32."""
    parameters = component.parameters()[0] if isinstance(component, Module) else []
    for what, value in (("output", got.output), ("grad_input", got.grad_input), ("gradients", got.gradients)):
        for place, leaf in float_leaves(value):
            if leaf.dtype != np.float32:
                raise LawBroken(f"{what}{place}: got {leaf.dtype} from float32: a float64 constant or buffer in it?")
    for index, parameter in enumerate(parameters):
        if parameter.dtype != np.float32:
            raise LawBroken(f"parameters[{index}]: got {parameter.dtype} after a pass of a float32 module")
