"""Checks of spec, state, clone, shared copy and flat vectors."""

import ast
import json
from typing import Any

import numpy as np

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.compute.random import create_stream
from nntrain.nn.building.builder import build
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.comparison import assert_close, assert_same_pass
from nntrain.nn.testing.pass_result import prepare_component, restart_streams, run_pass, set_mode


def parse_value(node: ast.expr) -> Any:
    """Return a literal, a list, or the component of a call such as ``nn.Linear(4, 2)``. ValueError for others."""
    if isinstance(node, ast.List | ast.Tuple):
        return [parse_value(item) for item in node.elts]
    if not isinstance(node, ast.Call):
        return ast.literal_eval(node)
    module, _, name = ast.unparse(node.func).partition(".")
    if module != "nn":
        raise ValueError(f"expected a call of nn, got {ast.unparse(node)}")
    keywords = {keyword.arg or "": parse_value(keyword.value) for keyword in node.keywords}
    return getattr(nn, name)(*map(parse_value, node.args), **keywords)


@as_check
def spec_and_repr_round_trip(case: Case) -> None:
    """Check that the spec, as JSON, and the repr rebuild the component, and that a pass changes neither."""
    component = prepare_component(case)
    spec = component.spec()
    text = json.dumps(spec)
    assert_same_spec("nn.build(spec)", build(json.loads(text), case.kind), text)
    if '"ref"' not in text:  # a call cannot express two uses of one module
        assert_same_spec(f"the repr {component!r}", parse_value(ast.parse(repr(component), mode="eval").body), text)
    run_pass(restart_streams(component), case)
    assert_same_spec("the component after a pass", component, text)


def assert_same_spec(what: str, component: Any, expected: str) -> None:
    """Raise CheckFailed unless the component has that spec."""
    got = json.dumps(component.spec())
    if got != expected:
        raise CheckFailed(f"the spec of {what}: got {got}, expected {expected}")


@as_check
def state_round_trip(case: Case) -> None:
    """Check that a new module with the same spec and state gives the same results, including noise."""
    module = prepare_component(case)
    run_pass(restart_streams(module), case)
    tree = module.state()
    assert_plain(tree, "state")
    twin = build(module.spec())
    twin.restore(tree)
    set_mode(twin, case.train)
    if find_ties(twin) != find_ties(module):
        raise CheckFailed(f"sharing after restore: got {find_ties(twin)}, expected {find_ties(module)}")
    assert_same_pass("of the restored", run_pass(twin, case), run_pass(module, case))


def assert_plain(tree: Any, path: str) -> None:
    """Raise CheckFailed unless a state consists of dicts, arrays and JSON values."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            assert_plain(value, f"{path}.{key}")
    elif not isinstance(tree, np.ndarray):
        try:
            json.dumps(tree)
        except TypeError as error:
            raise CheckFailed(f"{path}: {error}") from None


def find_ties(module: Module) -> list[int]:
    """Return, per parameter and gradient, the index of the first one with the same memory."""
    keys = [get_memory_key(array) for arrays in module.parameters() for array in arrays]
    return [keys.index(key) for key in keys]


@as_check
def clone_gives_same_results(case: Case) -> None:
    """Check that a clone gives the same results in its own memory."""
    component = prepare_component(case)
    run_pass(restart_streams(component), case)
    clone = component.clone()
    assert_same_spec("the clone", clone, json.dumps(component.spec()))
    if isinstance(component, Module):
        before = component.state()
        run_pass(clone.clone(), case)
        for parameter in clone.clone().parameters()[0]:
            parameter += 1
        assert_close("the original after a pass of a clone", component.state()["blocks"], before["blocks"])
        if component.state()["streams"] != before["streams"]:
            raise CheckFailed("a pass of a clone changed the original's random stream")
        if find_ties(clone) != find_ties(component):
            raise CheckFailed(f"sharing in the clone: got {find_ties(clone)}, expected {find_ties(component)}")
    assert_same_pass("of the clone", run_pass(clone, case), run_pass(component, case))
    for name, array in get_named_arrays(clone):
        for other, original in get_named_arrays(component):
            if np.shares_memory(array, original):
                raise CheckFailed(f"{name} of the clone shares memory with {other} of the original")


def get_named_arrays(component: Any) -> list[tuple[str, Array]]:
    """Return grad_input, parameters and gradients with their names."""
    named = [("grad_input", component.grad_input)] if isinstance(component.grad_input, np.ndarray) else []
    parameters = component.parameters() if isinstance(component, Module) else ([], [])
    return [
        *named,
        *((f"parameters[{index}]", array) for index, array in enumerate(parameters[0])),
        *((f"gradients[{index}]", array) for index, array in enumerate(parameters[1])),
    ]


@as_check
def share_ties_parameters(case: Case) -> None:
    """Check that ``share`` ties parameters and gradients: a change in one module changes the other."""
    module = prepare_component(case)
    run_pass(restart_streams(module), case)
    names = [name for inner in module.list_modules() for name in inner.parameter_names]
    twin = module.clone().share(module, *names, *(f"grad_{name}" for name in names))
    for what, ours, theirs in zip(("parameters", "gradients"), twin.parameters(), module.parameters(), strict=True):
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            if len(set(map(get_memory_key, pair))) > 1:
                raise CheckFailed(f"{what}[{index}] is not the original's after share({', '.join(names)})")
    perturb(module.parameters()[0])
    for tied in (twin, module):
        set_mode(tied, case.train)
    got, expected = (run_pass(restart_streams(tied), case) for tied in (twin, module))
    assert_same_pass("of the shared twin", got, expected)


def perturb(parameters: list[Array]) -> None:
    """Change all parameters slightly, in place."""
    generator = create_stream(1, "moved")
    for parameter in parameters:
        parameter += generator.normal(0, 0.02, parameter.shape).astype(parameter.dtype)


@as_check
def module_works_after_flattening(case: Case) -> None:
    """Check that after get_parameters all parameters are views of one vector, and that the module uses it."""
    module, plain = prepare_component(case), prepare_component(case)
    for either in (module, plain):
        run_pass(restart_streams(either), case)
    before = [parameter.copy() for parameter in module.parameters()[0]]
    flat, flat_gradient = module.get_parameters()
    for vector, arrays, originals in zip((flat, flat_gradient), module.parameters(), plain.parameters(), strict=True):
        sizes = {get_memory_key(array): array.size for array in originals}
        if vector.shape != (sum(sizes.values()),):
            raise CheckFailed(f"get_parameters: got a vector {vector.shape}, expected {sum(sizes.values())} elements")
        if not all(np.shares_memory(array, vector) for array in arrays):
            raise CheckFailed("get_parameters: not every parameter is a view of the vector")
    assert_close("parameters after get_parameters", module.parameters()[0], before)
    perturb([flat])
    for ours, theirs in zip(plain.parameters()[0], module.parameters()[0], strict=True):
        ours[...] = theirs
    for either in (module, plain):
        set_mode(either, case.train)
    got, expected = run_pass(restart_streams(module), case), run_pass(restart_streams(plain), case)
    assert_same_pass("of the flattened module", got, expected)
    distinct = {get_memory_key(array): array for array in module.parameters()[1]}.values()
    sum_of_squares = sum(float(np.sum(array**2)) for array in distinct)
    assert_close("Σ flat_gradient²", float(np.sum(flat_gradient**2)), sum_of_squares, 1e-9, relative=True)
