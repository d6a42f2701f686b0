"""Inference of a test case for a class: the first input that works."""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.compute.random import create_stream
from nntrain.nn.criterion import Criterion
from nntrain.nn.testing.batch_checks import batch_matches_single_samples
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.pass_result import prepare_component, run_pass
from nntrain.nn.testing.tree import iterate_leaves
from nntrain.specs.configurable import get_signature
from nntrain.specs.type_hints import get_hints

# Batches of vectors, images and volumes.
SHAPES = ((4, 3), (4, 3, 5, 6), (4, 3, 3, 5, 6))

# Values of required constructor arguments that cannot be inferred.
DEFAULT_ARGUMENTS: dict[Any, float] = {int: 2, float: 0.5}


def guess_case(cls: type[Any]) -> tuple[Case | None, str]:
    """Return a case, or None and the reason. Inferable sizes are taken from the input."""
    reasons = []
    for x, t in iterate_candidates(cls):
        spec, missing = infer_spec(cls, x)
        if missing:
            return None, f"its constructor needs {missing!r}"
        case = Case("guessed", spec, x, t, kind="criterion" if issubclass(cls, Criterion) else "module")
        try:
            done = run_pass(prepare_component(case), case)
            if all(np.isfinite(leaf).all() for _, leaf in iterate_leaves([done.output, done.grad_input])):
                return add_batch_axis(case), ""
            reasons.append("its output or gradient is not finite")
        except Exception as error:
            reasons.append(f"{type(error).__name__}: {error}")
    return None, f"it fails on every input that was tried: {reasons[0].splitlines()[0]}"


def iterate_candidates(cls: type[Any]) -> Iterator[tuple[Value, Value]]:
    """Iterate over inputs, and targets of criterions, in the order of trial."""
    x = draw_array(SHAPES[0])
    if issubclass(cls, Criterion):
        yield x, draw_array(SHAPES[0], "target")
        yield x, np.arange(len(x)) % x.shape[1]
        yield 1 / (1 + np.exp(-x)), (x > 0).astype(float)
        return
    for shape in SHAPES:
        yield draw_array(shape), None
    yield [x, draw_array(SHAPES[0], "second")], None
    yield np.abs(x), None


def draw_array(shape: tuple[int, ...], name: str = "first") -> Array:
    """Return normal random numbers, always the same, none near 0, where many functions have a kink."""
    x = create_stream(0, name).normal(size=shape)
    return x + np.copysign(0.01, x)


def infer_spec(cls: type[Any], x: Value) -> tuple[dict[str, Any], str | None]:
    """Return the spec of a class for an input, and the first argument that cannot be inferred."""
    spec: dict[str, Any] = {"type": cls.__name__}
    for name, parameter in get_signature(cls).parameters.items():
        if parameter.default is not inspect.Parameter.empty:
            continue
        if name in getattr(cls, "inferred", {}) and not isinstance(x, list):
            axis = cls.inferred[name]
            spec[name] = x.shape[axis] if -x.ndim <= axis < x.ndim else 1
        elif name == getattr(cls, "sized_by_target", None):
            spec[name] = 2
        elif get_hints(cls).get(name) in DEFAULT_ARGUMENTS:
            spec[name] = DEFAULT_ARGUMENTS[get_hints(cls)[name]]
        else:
            return spec, name
    return spec, None


def add_batch_axis(case: Case) -> Case:
    """Set batch_axis=0 if samples are independent."""
    stacked = replace(case, batch_axis=0)
    if case.kind == "criterion":
        return case
    try:
        batch_matches_single_samples(stacked)
    except CheckFailed:
        return case
    return stacked
