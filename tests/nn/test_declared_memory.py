"""The declarations of a class about its output's memory are correct, for every case of every layer."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.nn.testing import Case
from tests import cases

# Layers with a number as output.
NUMBERS = ("CriterionTable",)


def layers() -> Iterator[Case]:
    """Return all cases with gradients, without in-place layers."""
    for module in iter_modules(cases.__path__):
        for case in getattr(import_module(f"tests.cases.{module.name}"), "CASES", []):
            if case.kind == "module" and case.backward and case.spec["type"] not in NUMBERS:
                layer = nn.build(case.spec, allow_inplace=True)
                if not getattr(layer, "inplace", False) and not isinstance(layer, nn.Container):
                    yield case


def arrays(value: Any) -> list[Array]:
    if isinstance(value, list | tuple):
        return [array for item in value for array in arrays(item)]
    return [value] if isinstance(value, np.ndarray) else []


def shared(value: Any, other: Any) -> bool:
    return any(np.shares_memory(a, b) for a in arrays(value) for b in arrays(other))


def gradients(case: Case, *, changed: bool) -> list[Array]:
    """Return the gradients of a pass after which the output is ``changed``."""
    nn.manual_seed(5)
    layer = nn.build(case.spec).double()
    layer.train = case.train
    x, again = copy.deepcopy(case.input), copy.deepcopy(case.input)
    y = layer.forward(x)
    dy = copy.deepcopy(y)
    for array in arrays(dy):
        array[...] = np.sin(np.arange(array.size)).reshape(array.shape)
    if not layer.passes_memory:
        assert not shared(y, x)
    for array in arrays(y) if changed else ():
        array += 3 if array.dtype.kind == "f" else 0
    dx = layer.update_grad_input(again, dy)
    if not layer.passes_memory:
        assert not shared(dx, dy)
    layer.acc_grad_parameters(again, dy)
    return [array.copy() for array in (*arrays(dx), *layer.parameters()[1])]


@pytest.mark.parametrize("case", list(layers()), ids=lambda case: f"{case.spec['type']}-{case.name}")
def test_a_class_declares_what_it_passes_on_and_what_it_needs(case: Case) -> None:
    needs = nn.build(case.spec).needs_output
    for expected, got in zip(gradients(case, changed=False), gradients(case, changed=not needs), strict=True):
        np.testing.assert_allclose(got, expected)
