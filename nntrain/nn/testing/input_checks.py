"""Checks of inputs: not modified, not necessarily contiguous."""

from typing import Any

import numpy as np

from nntrain.compute.array import Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import as_check
from nntrain.nn.testing.comparison import assert_close, assert_same_pass
from nntrain.nn.testing.pass_result import draw_like, prepare_component, restart_streams, run_forward, run_pass
from nntrain.nn.testing.tree import copy_tree, map_leaves

EXACT = 1e-11


@as_check
def inputs_are_not_modified(case: Case) -> None:
    """Check that forward and backward do not modify input, target and grad_output."""
    component = restart_streams(prepare_component(case))
    x, t = copy_tree(case.input), copy_tree(case.target)
    dy = draw_like(run_forward(component, x, t))
    before = copy_tree(dy)
    assert_close("input after forward", x, case.input)
    if not isinstance(component, Module):
        component.backward(x, t)
    elif case.backward:
        component.backward(x, dy)
    assert_close("input after the pass", x, case.input)
    assert_close("target after the pass", t, case.target)
    assert_close("grad_output after the pass", dy, before)


@as_check
def strided_inputs_give_same_results(case: Case) -> None:
    """Check that strided inputs, such as slices from a container, give the same results as contiguous ones."""
    expected = run_pass(restart_streams(prepare_component(case)), case)
    got = run_pass(restart_streams(prepare_component(case)), case, dy=expected.grad_output, copy_value=make_strided)
    assert_same_pass("of a strided input", got, expected, EXACT, relative=True)


def make_strided(value: Value) -> Value:
    """Copy every array into every second element of a larger one."""

    def spread(leaf: Any) -> Any:
        if not is_array(leaf) or not leaf.ndim:
            return leaf
        wide = np.zeros((*leaf.shape[:-1], 2 * leaf.shape[-1]), leaf.dtype)
        wide[..., ::2] = leaf
        return wide[..., ::2]

    return map_leaves(spread, value)
