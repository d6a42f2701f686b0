"""Checks of stochastic modules."""

from typing import Any

import numpy as np

from nntrain.nn.state import get_stream_states
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.comparison import assert_close
from nntrain.nn.testing.pass_result import prepare_component, restart_streams, run_pass
from nntrain.nn.testing.tree import copy_tree, iterate_leaves


@as_check
def evaluation_is_deterministic(case: Case) -> None:
    """Check that in evaluation mode outputs are bit-for-bit identical for any random stream."""
    module = prepare_component(case)
    module.evaluate()
    first = copy_tree(restart_streams(module, 1).forward(copy_tree(case.input)))
    second = restart_streams(module, 2).forward(copy_tree(case.input))
    assert_close("output of a second forward in evaluation mode", second, first)


@as_check
def noise_uses_module_stream(case: Case) -> None:
    """Check that in training mode the output depends on the module's own random stream only."""
    module = prepare_component(case)
    before = get_stream_states(restart_streams(module, 1))
    first = run_pass(module, case)
    drawn = get_stream_states(module) != before
    again = run_pass(restart_streams(module, 1), case)
    assert_close("output of the same stream", again.output, first.output)
    assert_close("grad_input of the same stream", again.grad_input, first.grad_input)
    others = [run_pass(restart_streams(module, seed), case).output for seed in range(2, 10)]
    if drawn and all(is_equal(other, first.output) for other in others):
        raise CheckFailed("the random stream is used, but the output does not depend on it")


def is_equal(a: Any, b: Any) -> bool:
    """Whether two values are bit-for-bit identical."""
    return all(np.array_equal(p, q) for (_, p), (_, q) in zip(iterate_leaves(a), iterate_leaves(b), strict=True))
