"""The law of known results."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Value
from nntrain.nn.module import Module
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.law import law
from nntrain.nn.testing.passes import forward, grad_output, prepared, restarted
from nntrain.nn.testing.tree import copied

__all__ = ["output_is_the_reference"]


@law
def output_is_the_reference(case: Case) -> None:
    """Output, gradients and buffers are those that the case knows, for instance the original's."""
    component = restarted(prepared(case))
    x, t = copied(case.input), copied(case.target)
    y = forward(component, x, t)
    known(case, "output", y, case.output)
    if not isinstance(component, Module):
        known(case, "grad_input", component.backward(x, t), case.grad_input)
        return
    if case.backward:
        gradients_are_known(case, component, x, y)
    for name, value in case.after.items():
        now = getattr(component, name)
        known(case, name, np.reshape(now, np.shape(value)) if np.size(now) == 1 else now, value)
    if case.output_evaluate is not None:
        component.evaluate()
        known(case, "output_evaluate", component.forward(copied(case.input)), case.output_evaluate)


def gradients_are_known(case: Case, module: Module, x: Value, y: Value) -> None:
    """One backward from zero, and one more accumulation at half scale on top."""
    dy = copied(grad_output(case, y))
    module.zero_grad_parameters()
    known(case, "grad_input", module.backward(x, dy), case.grad_input)
    for index, wanted in enumerate(case.grad_params or ()):
        known(case, f"grad_params[{index}]", module.parameters()[1][index], wanted)
    if case.grad_params_scaled is not None:
        module.acc_grad_parameters(x, dy, 0.5)
        for index, wanted in enumerate(case.grad_params_scaled):
            known(case, f"grad_params_scaled[{index}]", module.parameters()[1][index], wanted)


def known(case: Case, what: str, got: Any, wanted: Any) -> None:
    """``agree`` within the case's tolerance, if the case knows."""
    if wanted is not None:
        agree(what, got, np.asarray(wanted) if np.isscalar(wanted) else wanted, case.tolerance, case.relative)
