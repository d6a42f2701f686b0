"""Checks of known results and of output types."""

from typing import Any

import numpy as np

from nntrain.compute.array import Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.output_form import FORMS
from nntrain.nn.state import get_stream_states
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.comparison import assert_close, assert_same_pass
from nntrain.nn.testing.pass_result import (
    PassResult,
    get_grad_output,
    prepare_component,
    restart_streams,
    run_forward,
    run_pass,
    set_mode,
)
from nntrain.nn.testing.tree import copy_tree, get_float_leaves, map_leaves


@as_check
def output_matches_reference(case: Case) -> None:
    """Check output, gradients and buffers against the known results of the case."""
    component = restart_streams(prepare_component(case))
    x, t = copy_tree(case.input), copy_tree(case.target)
    y = run_forward(component, x, t)
    check_known(case, "output", y, case.output)
    if not isinstance(component, Module):
        check_known(case, "grad_input", component.backward(x, t), case.grad_input)
        return
    if case.backward:
        check_known_gradients(case, component, x, y)
    for name, value in case.after.items():
        now = getattr(component, name)
        check_known(case, name, np.reshape(now, np.shape(value)) if np.size(now) == 1 else now, value)
    if case.output_evaluate is not None:
        component.evaluate()
        check_known(case, "output_evaluate", component.forward(copy_tree(case.input)), case.output_evaluate)


def check_known_gradients(case: Case, module: Module, x: Value, y: Value) -> None:
    """Check one backward from zeroed gradients, and another accumulation with scale 0.5."""
    dy = copy_tree(get_grad_output(case, y))
    module.zero_grad_parameters()
    check_known(case, "grad_input", module.backward(x, dy), case.grad_input)
    for index, expected in enumerate(case.grad_params or ()):
        check_known(case, f"grad_params[{index}]", module.parameters()[1][index], expected)
    if case.grad_params_scaled is not None:
        module.acc_grad_parameters(x, dy, 0.5)
        for index, expected in enumerate(case.grad_params_scaled):
            check_known(case, f"grad_params_scaled[{index}]", module.parameters()[1][index], expected)


def check_known(case: Case, what: str, actual: Any, expected: Any) -> None:
    """Apply ``assert_close`` with the case's tolerance if the result is known."""
    if expected is not None:
        known = np.asarray(expected) if np.isscalar(expected) else expected
        assert_close(what, actual, known, case.tolerance, case.relative)


@as_check
def output_form_is_valid(case: Case) -> None:
    """Check that output_form is one of the four forms, and that to_output_form has no side effects."""
    criterion = prepare_component(case)
    if criterion.output_form not in FORMS:
        raise CheckFailed(f"output_form: got {criterion.output_form!r}, expected one of {', '.join(FORMS)}")
    x = copy_tree(case.input)
    read = copy_tree(criterion.to_output_form(x))
    assert_close("input after to_output_form", x, case.input, 0, True)
    if is_array(x) and x.ndim > 1 and (not is_array(read) or len(read) != len(x)):
        raise CheckFailed(f"to_output_form: got {read!r:.60} for {len(x)} rows")
    got, expected = (run_pass(component, case).output for component in (criterion, prepare_component(case)))
    assert_close("loss after to_output_form", got, expected, case.tolerance, True)


# Maximum difference between single and double precision, relative to the largest number of an array.
FLOAT32_TOLERANCE = 1e-4


@as_check
def float32_stays_float32(case: Case) -> None:
    """Check that float32 inputs give float32 everywhere, and nearly the results of double precision."""
    single, double = prepare_component(case, "float32"), prepare_component(case)
    if isinstance(single, Module):
        for p, q in zip(single.parameters()[0], double.parameters()[0], strict=True):
            q[...] = p
        set_mode(double, case.train)
    x, t = cast_floats(case.input, "float32"), cast_floats(case.target, "float32")
    dy = cast_floats(run_pass(restart_streams(prepare_component(case)), case).grad_output, "float32")
    restart_streams(single)
    before = get_stream_states(single) if isinstance(single, Module) else {}
    got = run_pass(single, case, x, t, dy)
    assert_float32(single, got)
    if before and get_stream_states(single) != before:  # a stream gives other numbers in another precision
        return
    expected = run_pass(restart_streams(double), case, *(cast_floats(value, "float64") for value in (x, t, dy)))
    assert_same_pass("in float32", got, expected, max(FLOAT32_TOLERANCE, case.tolerance), relative=True)


def cast_floats(value: Value, dtype: str) -> Value:
    """Convert the float arrays of ``value`` to another type."""
    return map_leaves(lambda leaf: leaf.astype(dtype) if is_array(leaf) and leaf.dtype.kind == "f" else leaf, value)


def assert_float32(component: Any, actual: PassResult) -> None:
    """Raise CheckFailed unless every float array is float32."""
    parameters = component.parameters()[0] if isinstance(component, Module) else []
    for what, value in (("output", actual.output), ("grad_input", actual.grad_input), ("gradients", actual.gradients)):
        for path, leaf in get_float_leaves(value):
            if leaf.dtype != np.float32:
                raise CheckFailed(f"{what}{path}: got {leaf.dtype} from float32; is there a float64 constant?")
    for index, parameter in enumerate(parameters):
        if parameter.dtype != np.float32:
            raise CheckFailed(f"parameters[{index}]: got {parameter.dtype} after a pass of a float32 module")
