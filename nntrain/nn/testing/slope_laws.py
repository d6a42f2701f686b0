"""The laws that gradients are slopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Value
from nntrain.nn.module import Module
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import Pass, forward, passed, prepared, restarted, set_mode
from nntrain.nn.testing.slope import claim_is_the_slope
from nntrain.nn.testing.tree import copied, float_leaves, leaves

__all__ = ["grad_input_is_the_numeric_slope", "grad_parameters_are_the_numeric_slope"]


@law
def grad_input_is_the_numeric_slope(case: Case) -> None:
    """dx is the slope of Σ dy y, or of the loss, by every floating input; without a dx that slope is zero."""
    component = prepared(case)
    done = passed(restarted(component), case)
    x = copied(case.input)
    claims, places = dict(leaves(done.grad_input)), dict(leaves(x))
    for place in claims:
        if place not in places:
            raise LawBroken(f"grad_input{place}: the input has no such slot")
    for place, leaf in float_leaves(x):
        claimed = np.asarray(claims.get(place, np.zeros(leaf.shape)))
        claim_is_the_slope(f"grad_input{place}", lambda: loss(component, case, x, done), leaf, claimed)
    for place, claimed in claims.items():
        if np.asarray(places[place]).dtype.kind != "f" and np.any(claimed):
            raise LawBroken(f"grad_input{place}: the input is no floating number there, its gradient must be zero")


@law
def grad_parameters_are_the_numeric_slope(case: Case) -> None:
    """Every gradient is the slope of Σ dy y by its parameter."""
    module = prepared(case)
    done = passed(restarted(module), case)
    for index, parameter in enumerate(module.parameters()[0]):
        claim_is_the_slope(
            f"gradients[{index}]",
            lambda: loss(module, case, case.input, done),
            parameter,
            done.gradients[index],
        )


def loss(component: Any, case: Case, x: Value, done: Pass) -> float:
    """Σ dy y at x with the noise of the pass that is ``done``, or the loss of a criterion."""
    set_mode(component, case.train)
    y = forward(restarted(component), copied(x), copied(case.target))
    if not isinstance(component, Module):
        return float(y)
    return sum(
        float(np.vdot(np.asarray(dy, np.float64), np.asarray(term, np.float64)))
        for (_, dy), (_, term) in zip(leaves(done.grad_output), leaves(y), strict=True)
    )
