"""Checks of gradients."""

from functools import partial
from typing import Any

import numpy as np

from nntrain.compute.array import Value, is_array
from nntrain.compute.random import create_stream
from nntrain.nn.lazy_zero_grad import LazyZeroGrad
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.comparison import assert_close
from nntrain.nn.testing.numerical_gradient import check_gradient
from nntrain.nn.testing.pass_result import (
    PassResult,
    prepare_component,
    restart_streams,
    run_forward,
    run_pass,
    set_mode,
)
from nntrain.nn.testing.tree import copy_tree, get_float_leaves, iterate_leaves

EXACT = 1e-11


@as_check
def gradients_accumulate_with_scale(case: Case) -> None:
    """Check that acc_grad_parameters adds scale · gradient, and that scale does not affect dx."""
    module = prepare_component(case)
    once = run_pass(restart_streams(module), case)
    scaled = run_pass(restart_streams(module), case, scale=0.3)
    assert_close("grad_input at scale 0.3", scaled.grad_input, once.grad_input, EXACT, relative=True)
    assert_close("gradients at scale 0.3", scaled.gradients, [0.3 * dw for dw in once.gradients], EXACT, relative=True)

    x = copy_tree(case.input)
    restart_streams(module).forward(x)
    stream = create_stream(0, "gradients")
    for gradient in module.parameters()[1]:
        gradient[...] = stream.normal(size=gradient.shape)
    totals = [gradient.copy() for gradient in module.parameters()[1]]  # several may be one array
    module.update_grad_input(x, copy_tree(once.grad_output))
    for scale in (1, 0.25):
        module.acc_grad_parameters(x, copy_tree(once.grad_output), scale)
        totals = [total + scale * dw for total, dw in zip(totals, once.gradients, strict=True)]
        assert_close(f"gradients, scale {scale} on top", module.parameters()[1], totals, EXACT, relative=True)
    check_lazy_gradients(case, once)


def check_lazy_gradients(case: Case, once: PassResult) -> None:
    """Check a training step in which gradients marked with ``writes`` are not zeroed before."""
    module = prepare_component(case)
    _, dw = module.get_parameters()
    lazy = LazyZeroGrad(module, dw)
    dw[...] = np.nan
    lazy.zero_grad()
    restart_streams(module).forward(x := copy_tree(case.input))
    module.backward(x, copy_tree(once.grad_output))
    lazy.zero_unset()
    assert_close("gradients that are not zeroed first", module.parameters()[1], once.gradients, EXACT, relative=True)


@as_check
def backward_matches_both_steps(case: Case) -> None:
    """Check that ``backward`` equals ``update_grad_input`` followed by ``acc_grad_parameters``."""
    module = prepare_component(case)
    whole = run_pass(restart_streams(module), case, scale=0.7)
    x, dy = copy_tree(case.input), copy_tree(whole.grad_output)
    restart_streams(module).forward(x)
    module.zero_grad_parameters()
    dx = copy_tree(module.update_grad_input(x, dy))
    module.acc_grad_parameters(x, copy_tree(whole.grad_output), 0.7)
    assert_close("grad_input", whole.grad_input, dx, EXACT, relative=True)
    assert_close("gradients", whole.gradients, module.parameters()[1], EXACT, relative=True)


@as_check
def grad_input_matches_numerical_gradient(case: Case) -> None:
    """Check dx against the numerical gradient of Σ dy y, or of the loss, for every float input; None means zero."""
    component = prepare_component(case)
    done = run_pass(restart_streams(component), case)
    x = copy_tree(case.input)
    gradients, inputs = dict(iterate_leaves(done.grad_input)), dict(iterate_leaves(x))
    for path in gradients:
        if path not in inputs:
            raise CheckFailed(f"grad_input{path}: the input has no such element")
    for path, leaf in get_float_leaves(x):
        gradient = np.asarray(gradients.get(path, np.zeros(leaf.shape)))
        check_gradient(f"grad_input{path}", lambda: compute_loss(component, case, x, done), leaf, gradient)
    for path, gradient in gradients.items():
        if np.asarray(inputs[path]).dtype.kind != "f" and np.any(gradient):
            raise CheckFailed(f"grad_input{path}: expected zeros, as the input is not a float array")


@as_check
def grad_parameters_match_numerical_gradient(case: Case) -> None:
    """Check every parameter's gradient against the numerical gradient of Σ dy y."""
    module = prepare_component(case)
    done = run_pass(restart_streams(module), case)
    for index, parameter in enumerate(module.parameters()[0]):
        loss = partial(compute_loss, module, case, case.input, done)
        check_gradient(f"gradients[{index}]", loss, parameter, done.gradients[index])


def compute_loss(component: Any, case: Case, x: Value, done: PassResult) -> float:
    """Return Σ dy y at x with the noise of the pass ``done``, or the loss of a criterion."""
    set_mode(component, case.train)
    y = run_forward(restart_streams(component), copy_tree(x), copy_tree(case.target))
    if not isinstance(component, Module):
        return float(y)
    return sum(
        float(np.vdot(np.asarray(dy, np.float64), np.asarray(term, np.float64)))
        for (_, dy), (_, term) in zip(iterate_leaves(done.grad_output), iterate_leaves(y), strict=True)
    )


LEARNING_RATE = 0.5

# Arrays of every module whose names start like those of gradients.
RESULTS = ("grad_input", "grad_output")


@as_check
def arrays_with_gradients_are_parameters(case: Case) -> None:
    """Check that every array with a gradient ``grad_<name>`` is zeroed, updated, flattened and saved."""
    module = prepare_component(case)
    names = find_trainable_names(module)
    listed = set(map(get_memory_key, module.parameters()[0]))
    for name in names:
        if get_memory_key(getattr(module, name)) not in listed:
            raise CheckFailed(f"{name} has a gradient, grad_{name}, but is missing in parameters()")
        if name not in module.state()["views"]:
            raise CheckFailed(f"{name} has a gradient, grad_{name}, but is missing in state()")
    before = {name: getattr(module, name).copy() for name in names}
    for name in names:
        getattr(module, f"grad_{name}")[...] = 1
    module.update_parameters(LEARNING_RATE)
    for name, old in before.items():
        if not np.allclose(getattr(module, name), old - LEARNING_RATE):
            raise CheckFailed(f"update_parameters does not change {name}")
    module.zero_grad_parameters()
    for name in names:
        if getattr(module, f"grad_{name}").any():
            raise CheckFailed(f"zero_grad_parameters does not zero grad_{name}")
    flat, _ = module.get_parameters()
    for name in names:
        if not np.shares_memory(getattr(module, name), flat):
            raise CheckFailed(f"{name} is not a view of the vector of get_parameters")


def find_trainable_names(module: Module) -> list[str]:
    """Return the attributes of a module itself with a gradient: nonempty float arrays, both of one shape."""
    names = []
    for attribute, gradient in vars(module).items():
        if attribute.startswith("grad_") and attribute not in RESULTS and is_array(gradient):
            array: Any = getattr(module, attribute.removeprefix("grad_"), None)
            if is_array(array) and array.size and array.dtype.kind == "f" and array.shape == gradient.shape:
                names.append(attribute.removeprefix("grad_"))
    return names
