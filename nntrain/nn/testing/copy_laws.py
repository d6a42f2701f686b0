"""The laws of what can be made from a component: its spec, its state, its clone, its shared twin, its flat vectors."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.build import build
from nntrain.nn.module import Module
from nntrain.nn.parameter import same_memory
from nntrain.nn.random import stream
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.constructor_call import read_call
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import Pass, passed, prepared, restarted, set_mode

__all__ = [
    "clone_computes_the_same",
    "flattening_keeps_working",
    "share_ties",
    "spec_and_repr_rebuild_it",
    "state_round_trip",
]


@law
def spec_and_repr_rebuild_it(case: Case) -> None:
    """The spec is JSON and builds a component of the same spec, and so does the repr; a pass changes neither."""
    component = prepared(case)
    spec = component.spec()
    text = json.dumps(spec)
    same_spec("nn.build(spec)", build(json.loads(text), case.kind), text)
    if '"ref"' not in text:  # a call cannot say that one module stands in two places
        same_spec(f"the repr {component!r}", read_call(repr(component)), text)
    passed(restarted(component), case)
    same_spec("the component after a pass", component, text)


def same_spec(what: str, component: Any, wanted: str) -> None:
    """LawBroken unless the component has that spec."""
    got = json.dumps(component.spec())
    if got != wanted:
        raise LawBroken(f"the spec of {what}: got {got}, wanted {wanted}")


@law
def state_round_trip(case: Case) -> None:
    """A new module of the same spec that takes on the state goes on as the old one does, noise included."""
    module = prepared(case)
    passed(restarted(module), case)
    tree = module.state()
    is_plain(tree, "state")
    twin = build(module.spec())
    twin.restore(tree)
    set_mode(twin, case.train)
    if ties(twin) != ties(module):
        raise LawBroken(f"sharing after restore: got {ties(twin)}, wanted {ties(module)}")
    same_pass("restored", passed(twin, case), passed(module, case))


def is_plain(tree: Any, place: str) -> None:
    """LawBroken unless a state is made of dicts, arrays and JSON values."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            is_plain(value, f"{place}.{key}")
    elif not isinstance(tree, np.ndarray):
        try:
            json.dumps(tree)
        except TypeError as error:
            raise LawBroken(f"{place}: {error}") from None


def ties(module: Module) -> list[int]:
    """For each parameter and gradient the first that lies in the same memory."""
    keys = [same_memory(array) for arrays in module.parameters() for array in arrays]
    return [keys.index(key) for key in keys]


def same_pass(what: str, got: Pass, wanted: Pass) -> None:
    """LawBroken unless two passes gave the same bits."""
    agree(f"output of the {what}", got.output, wanted.output)
    agree(f"grad_input of the {what}", got.grad_input, wanted.grad_input)
    agree(f"gradients of the {what}", got.gradients, wanted.gradients)


@law
def clone_computes_the_same(case: Case) -> None:
    """A clone goes on as the original does, in memory of its own."""
    component = prepared(case)
    passed(restarted(component), case)
    clone = component.clone()
    same_spec("the clone", clone, json.dumps(component.spec()))
    if isinstance(component, Module):
        before = component.state()
        passed(clone.clone(), case)
        for parameter in clone.clone().parameters()[0]:
            parameter += 1
        agree("the original after a pass of a clone", component.state()["blocks"], before["blocks"])
        if component.state()["streams"] != before["streams"]:
            raise LawBroken("a pass of a clone moved the original's stream of noise")
        if ties(clone) != ties(component):
            raise LawBroken(f"sharing in the clone: got {ties(clone)}, wanted {ties(component)}")
    same_pass("clone", passed(clone, case), passed(component, case))
    apart(clone, component)


def apart(clone: Any, component: Any) -> None:
    """LawBroken if results or parameters of the two share memory."""
    ours, theirs = (arrays_of(inner) for inner in (clone, component))
    for name, array in ours:
        for other, original in theirs:
            if np.shares_memory(array, original):
                raise LawBroken(f"{name} of the clone shares memory with {other} of the original")


def arrays_of(component: Any) -> list[tuple[str, Array]]:
    """Gradient of the input, parameters and gradients, with their names."""
    named = [("grad_input", component.grad_input)] if isinstance(component.grad_input, np.ndarray) else []
    parameters = component.parameters() if isinstance(component, Module) else ([], [])
    return [
        *named,
        *((f"parameters[{index}]", array) for index, array in enumerate(parameters[0])),
        *((f"gradients[{index}]", array) for index, array in enumerate(parameters[1])),
    ]


@law
def share_ties(case: Case) -> None:
    """After share the parameters and gradients are the original's: what changes one changes the other."""
    module = prepared(case)
    passed(restarted(module), case)
    names = [name for inner in module.list_modules() for name in inner.parameter_names]
    twin = module.clone().share(module, *names, *(f"grad_{name}" for name in names))
    for what, ours, theirs in zip(("parameters", "gradients"), twin.parameters(), module.parameters(), strict=True):
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            if len(set(map(same_memory, pair))) > 1:
                raise LawBroken(f"{what}[{index}] is not the original's after share({', '.join(names)})")
    moved(module.parameters()[0])
    for tied in (twin, module):
        set_mode(tied, case.train)
    same_pass("shared twin", passed(restarted(twin), case), passed(restarted(module), case))


def moved(parameters: list[Array]) -> None:
    """Change all parameters a little, in place."""
    generator = stream(1, "moved")
    for parameter in parameters:
        parameter += generator.normal(0, 0.02, parameter.shape).astype(parameter.dtype)


@law
def flattening_keeps_working(case: Case) -> None:
    """After get_parameters all parameters are views of one vector, and what is written there counts."""
    module, plain = prepared(case), prepared(case)
    for either in (module, plain):
        passed(restarted(either), case)
    before = [parameter.copy() for parameter in module.parameters()[0]]
    flat, flat_gradient = module.get_parameters()
    for vector, arrays, of in zip((flat, flat_gradient), module.parameters(), plain.parameters(), strict=True):
        sizes = {same_memory(array): array.size for array in of}
        if vector.shape != (sum(sizes.values()),):
            raise LawBroken(f"get_parameters: got a vector {vector.shape}, wanted {sum(sizes.values())} elements")
        if not all(np.shares_memory(array, vector) for array in arrays):
            raise LawBroken("get_parameters: not every parameter is a view of its vector")
    agree("parameters after get_parameters", module.parameters()[0], before)
    moved([flat])
    for ours, theirs in zip(plain.parameters()[0], module.parameters()[0], strict=True):
        ours[...] = theirs
    for either in (module, plain):
        set_mode(either, case.train)
    got, wanted = passed(restarted(module), case), passed(restarted(plain), case)
    same_pass("flattened module", got, wanted)
    sum_of_squares = sum(float(np.sum(array**2)) for array in unique(module.parameters()[1]))
    agree("Σ flat_gradient²", float(np.sum(flat_gradient**2)), sum_of_squares, 1e-9, relative=True)


def unique(arrays: list[Array]) -> list[Array]:
    """The arrays, those in one memory once."""
    return list({same_memory(array): array for array in arrays}.values())
