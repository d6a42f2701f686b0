"""The law of parameters: what a module learns, it learns itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Array, is_array
from nntrain.nn.module import Module
from nntrain.nn.parameter import same_memory
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import prepared

__all__ = ["what_has_a_gradient_is_learned"]

RATE = 0.5

# Arrays of every module whose names begin like those of gradients.
RESULTS = ("grad_input", "grad_output")


@law
def what_has_a_gradient_is_learned(case: Case) -> None:
    """Every array that has a gradient ``grad_<name>`` is a parameter: zeroed, updated, flattened and saved."""
    module = prepared(case)
    names = learned(module)
    given = set(map(same_memory, module.parameters()[0]))
    for name in names:
        if same_memory(getattr(module, name)) not in given:
            raise LawBroken(f"{name} has a gradient, grad_{name}, and is missing in parameters()")
        if name not in module.state()["views"]:
            raise LawBroken(f"{name} has a gradient, grad_{name}, and is missing in state()")
    before = {name: getattr(module, name).copy() for name in names}
    for name in names:
        getattr(module, f"grad_{name}")[...] = 1
    module.update_parameters(RATE)
    for name, old in before.items():
        if not np.allclose(getattr(module, name), old - RATE):
            raise LawBroken(f"update_parameters leaves {name} where it is")
    module.zero_grad_parameters()
    for name in names:
        if getattr(module, f"grad_{name}").any():
            raise LawBroken(f"zero_grad_parameters leaves grad_{name} as it is")
    flat, _ = module.get_parameters()
    for name in names:
        if not np.shares_memory(getattr(module, name), flat):
            raise LawBroken(f"{name} is no view of the vector that get_parameters gives")


def learned(module: Module) -> list[str]:
    """The attributes of a module itself that have a gradient."""
    gradients = [name for name in vars(module) if name.startswith("grad_") and name not in RESULTS]
    names = [name.removeprefix("grad_") for name in gradients]
    return [name for name in names if alike(getattr(module, name, None), getattr(module, f"grad_{name}"))]


def alike(array: Any, gradient: Array) -> bool:
    """Whether both are floating arrays of one shape, with something in them."""
    both = is_array(array) and is_array(gradient)
    return both and bool(array.size) and array.dtype.kind == "f" and array.shape == gradient.shape
