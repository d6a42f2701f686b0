"""The docstring of every class has its formula, shapes and source."""

from __future__ import annotations

import inspect

import pytest

from nntrain.hooks.registry import RegisteredClass
from tests.laws.test_cases import CLASSES
from tests.laws.test_files import name_of


@pytest.mark.parametrize("entry", CLASSES, ids=name_of)
def test_a_class_has_formula_shapes_and_source(entry: RegisteredClass) -> None:
    text = inspect.cleandoc(entry.cls.__dict__.get("__doc__") or "")
    first = text.partition("\n")[0]
    assert first.strip(), "no docstring of its own"
    assert len(first) <= 120
    assert "Shapes:" in text, "no shapes"
    assert "Source:" in text, "no source"


@pytest.mark.parametrize("entry", CLASSES, ids=name_of)
def test_the_file_of_a_class_says_its_formula_too(entry: RegisteredClass) -> None:
    module = inspect.getmodule(entry.cls)
    assert module is not None
    assert (module.__doc__ or "").strip()


@pytest.mark.parametrize("entry", CLASSES, ids=name_of)
def test_constructor_arguments_have_types_and_no_stars(entry: RegisteredClass) -> None:
    parameters = inspect.signature(entry.cls.__init__).parameters
    if entry.cls.__init__ is object.__init__:
        return
    for name, parameter in list(parameters.items())[1:]:
        assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD, f"{name} is starred or positional only"
        assert parameter.annotation is not parameter.empty, f"{name} has no type"
