"""A case for a class that has none: the first input on which it runs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from nntrain.nn.array import Array, Value
from nntrain.nn.criterion import Criterion
from nntrain.nn.hints import hints
from nntrain.nn.random import stream
from nntrain.nn.recorded import signature
from nntrain.nn.testing.batch_laws import a_batch_is_its_stacked_samples
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import passed, prepared
from nntrain.nn.testing.tree import leaves

__all__ = ["guessed"]

# Samples of numbers, of images with planes, and of volumes.
SHAPES = ((4, 3), (4, 3, 5, 6), (4, 3, 3, 5, 6))

# What a number is, that a constructor needs and nothing tells.
USUAL: dict[Any, float] = {int: 2, float: 0.5}


def guessed(cls: type[Any]) -> tuple[Case | None, str]:
    """A case, or None and why there is none. Sizes that follow from a batch are taken from the input."""
    reasons = []
    for x, t in tries(cls):
        spec, missing = spec_for(cls, x)
        if missing:
            return None, f"its constructor needs {missing!r}"
        case = Case("guessed", spec, x, t, kind="criterion" if issubclass(cls, Criterion) else "module")
        try:
            done = passed(prepared(case), case)
            if all(np.isfinite(leaf).all() for _, leaf in leaves([done.output, done.grad_input])):
                return of_samples(case), ""
            reasons.append("its output or gradient is not finite")
        except Exception as error:
            reasons.append(f"{type(error).__name__}: {error}")
    return None, f"it runs on no input that was tried: {reasons[0].splitlines()[0]}"


def tries(cls: type[Any]) -> Iterator[tuple[Value, Value]]:
    """Inputs, and for criterions targets, in the order in which they are tried."""
    x = drawn(SHAPES[0])
    if issubclass(cls, Criterion):
        yield x, drawn(SHAPES[0], "target")
        yield x, np.arange(len(x)) % x.shape[1]
        yield 1 / (1 + np.exp(-x)), (x > 0).astype(float)
        return
    for shape in SHAPES:
        yield drawn(shape), None
    yield [x, drawn(SHAPES[0], "second")], None
    yield np.abs(x), None


def drawn(shape: tuple[int, ...], name: str = "first") -> Array:
    """Normal numbers, the same each time, none near 0, where many curves have a kink."""
    x = stream(0, name).normal(size=shape)
    return x + np.copysign(0.01, x)


def spec_for(cls: type[Any], x: Value) -> tuple[dict[str, Any], str | None]:
    """The spec of a class for an input, and the first argument that nothing tells."""
    spec: dict[str, Any] = {"type": cls.__name__}
    for name, parameter in signature(cls).parameters.items():
        if parameter.default is not inspect.Parameter.empty:
            continue
        if name in getattr(cls, "inferred", {}) and not isinstance(x, list):
            axis = cls.inferred[name]
            spec[name] = x.shape[axis] if -x.ndim <= axis < x.ndim else 1
        elif name == getattr(cls, "sized_by_target", None):
            spec[name] = 2
        elif hints(cls).get(name) in USUAL:
            spec[name] = USUAL[hints(cls)[name]]
        else:
            return spec, name
    return spec, None


def of_samples(case: Case) -> Case:
    """The case with the first axis as that of its samples, if each is computed as if it were alone."""
    stacked = replace(case, batch_axis=0)
    if case.kind == "criterion":
        return case
    try:
        a_batch_is_its_stacked_samples(stacked)
    except LawBroken:
        return case
    return stacked
