"""Checks of batches with independent samples."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.bases.slicewise_module import SliceTask, can_plan
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.comparison import assert_close, assert_same_pass
from nntrain.nn.testing.pass_result import PassResult, prepare_component, restart_streams, run_pass
from nntrain.nn.testing.tree import copy_tree, get_float_leaves, iterate_leaves, map_leaves, slice_samples

EXACT = 1e-10


def get_axis_and_size(case: Case) -> tuple[int, int]:
    """Return the batch axis and the number of samples."""
    axis = case.batch_axis or 0
    sizes = {np.shape(leaf)[axis] for _, leaf in iterate_leaves(case.input) if np.ndim(leaf)}
    if len(sizes) != 1:
        raise CheckFailed(f"the case: axis {axis} is not a batch axis, its sizes are {sorted(sizes)}")
    return axis, sizes.pop()


@as_check
def batch_matches_single_samples(case: Case) -> None:
    """Check that each sample alone gives its slice of output and dx, and that gradients add up."""
    module = prepare_component(case)
    axis, size = get_axis_and_size(case)
    whole = run_pass(restart_streams(module), case)
    sums: list[Array] = [np.zeros_like(gradient) for gradient in whole.gradients]
    for index in range(size):
        alone = run_part(module, case, whole, index, index + 1)
        for what in ("output", "grad_input"):
            theirs = slice_samples(getattr(whole, what), axis, index, index + 1)
            ours = reshape_like(getattr(alone, what), theirs)
            assert_close(f"{what} of sample {index} alone", ours, theirs, EXACT, relative=True)
        sums = [total + gradient for total, gradient in zip(sums, alone.gradients, strict=True)]
    assert_close("gradients", whole.gradients, sums, EXACT, relative=True)


@as_check
def batch_size_can_change(case: Case) -> None:
    """Check that smaller and larger batches give the same results as in a new component."""
    used = prepare_component(case)
    _, size = get_axis_and_size(case)
    half = max(size // 2, 1)
    whole = run_pass(restart_streams(used), case)
    for start, stop in ((size - half, size), (0, half), (0, size)):
        got = run_part(used, case, whole, start, stop)
        expected = run_part(prepare_component(case), case, whole, start, stop)
        assert_same_pass(f"of samples {start} to {stop - 1} after others", got, expected, EXACT, relative=True)


@as_check
def slices_match_the_whole(case: Case) -> None:
    """Check that slices along the first axis, the last one first, give the whole output and dx.

    They are bit-for-bit equal, except for products: BLAS multiplies one row in another way.
    """
    whole = run_pass(restart_streams(prepare_component(case)), case)
    if not can_plan(prepare_component(case)):
        return
    module, x, dy = restart_streams(prepare_component(case)), copy_tree(case.input), copy_tree(whole.grad_output)
    # As in a chain, the arguments are computed after the tasks are planned.
    later_x, later_dy = np.full_like(x, np.nan), np.full_like(dy, np.nan)
    output = module.plan_output(later_x)
    later_x[...] = x
    compute_slices(output)
    tolerance = EXACT if output.terms else 0
    assert_close("output in slices", output.result, whole.output, tolerance, relative=True)
    grad_input = module.plan_grad_input(later_x, later_dy)
    later_dy[...] = dy
    compute_slices(grad_input)
    assert_close("grad_input in slices", grad_input.result, whole.grad_input, tolerance, relative=True)
    module.zero_grad_parameters()
    module.acc_grad_parameters(later_x, later_dy, 1)
    assert_close("gradients after slices", module.parameters()[1], whole.gradients)


def compute_slices(task: SliceTask) -> None:
    """Compute each slice of length 1."""
    for index in reversed(range(len(task.result))):
        task.compute(slice(index, index + 1))


@as_check
def chunks_match_the_whole(case: Case) -> None:
    """Check that flat chunks, as of arrays larger than the caches, give the bits of the whole output and dx."""
    module = prepare_component(case)
    whole = run_pass(restart_streams(module), case)
    module = restart_streams(module)
    x, dy = (np.array(array).reshape(-1) for array in (module.to_floating(case.input), whole.grad_output))
    y, dx, derivative = x if module.inplace else np.empty_like(x), np.empty_like(x), np.empty_like(x)
    chunks = [slice(start, start + 1) for start in range(x.size)]
    for chunk in chunks:
        module.value(x[chunk], y[chunk])
    for chunk in chunks:
        module.derivative(x[chunk], y[chunk], derivative[chunk])
        np.multiply(derivative[chunk], dy[chunk], out=dx[chunk])
    assert_close("output in chunks", y, whole.output.reshape(-1))
    assert_close("grad_input in chunks", dx, whole.grad_input.reshape(-1))


def run_part(component: Any, case: Case, whole: PassResult, start: int, stop: int) -> PassResult:
    """Run a pass of some samples, with their slice of grad_output."""
    axis = case.batch_axis or 0
    x, t, dy = (slice_samples(value, axis, start, stop) for value in (case.input, case.target, whole.grad_output))
    return run_pass(restart_streams(component), case, x, t, dy)


def reshape_like(actual: Value, expected: Value) -> Value:
    """Reshape ``actual`` like ``expected`` if sizes match: a batch of one may lose its axis."""
    shapes = {path: leaf.shape for path, leaf in get_float_leaves(expected)}
    paths = iter([path for path, _ in iterate_leaves(actual)])

    def reshape(leaf: Array) -> Array:
        shape = shapes.get(next(paths), np.shape(leaf))
        return np.reshape(leaf, shape) if np.size(leaf) == np.prod(shape, dtype=int) else leaf

    return map_leaves(reshape, actual)
