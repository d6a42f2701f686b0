"""Counting does not change the results of any component, and finds the calls in which it writes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.compute.memory_limit import set_variable
from nntrain.nn.module import Module
from nntrain.nn.testing import Case
from nntrain.nn.testing.pass_result import prepare_component, restart_streams, run_pass
from nntrain.nn.testing.tree import copy_tree, iterate_leaves
from nntrain.training.traffic.traffic_counter import TrafficCounter
from nntrain.training.traffic.traffic_log import CURRENT_LOG
from tests.cases.collect import all_cases, unregistered

CASES = [case for case in all_cases() if not unregistered(case) and case.backward]


def leaves(*values: Any) -> list[Array]:
    return [leaf for value in values for _, leaf in iterate_leaves(value) if isinstance(leaf, np.ndarray)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_counted_pass_has_the_results_of_any_other(case: Case) -> None:
    expected = run_pass(restart_streams(prepare_component(case)), case)
    component, counter = restart_streams(prepare_component(case)), TrafficCounter()
    counter.adopt(component)
    (counter.watch_model if isinstance(component, Module) else counter.watch_criterion)(component)
    with set_variable(CURRENT_LOG, counter.log):
        found = run_pass(component, case, copy_value=lambda value: counter.convert(copy_tree(value)))

    for name in ("output", "grad_input", "gradients"):
        for ours, other in zip(leaves(getattr(found, name)), leaves(getattr(expected, name)), strict=True):
            np.testing.assert_array_equal(ours, other)
    traffic = counter.log.traffic
    assert all(0 <= bytes_.minimum <= bytes_.moved for bytes_ in traffic.values())
    written = sum(
        leaf.nbytes for leaf in leaves(component.output) if leaf.flags.owndata or not is_view(leaf, component)
    )
    assert sum(bytes_.moved for (_, kind), bytes_ in traffic.items() if kind == "forward") >= written


def is_view(y: Array, component: Any) -> bool:
    """Whether an output is the memory of the input."""
    return any(np.may_share_memory(y, x) for x in leaves(component._fed))
