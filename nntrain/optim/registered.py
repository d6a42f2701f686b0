"""Optimizers by name: a config's ``{"type": "adam", "learning_rate": 0.001}`` and back."""

from __future__ import annotations

from typing import Any

from nntrain.errors import ArgumentError, NntrainError, SpecError, UnknownNameError, nearest
from nntrain.hooks.registry import registry
from nntrain.nn.recorded import plain, signature
from nntrain.nn.spec_check import Problem, argument_problems
from nntrain.optim.optimizer import Optimizer

__all__ = ["build", "check", "spec"]


def names() -> dict[str, type[Optimizer]]:
    """The registered optimizers by their names in lower case, as a config writes them."""
    return {name.lower(): registry().find("optimizer", name).cls for name in registry().names("optimizer")}


def find(name: str) -> type[Optimizer]:
    """The optimizer of that name, in upper or lower case. UnknownNameError names the nearest."""
    known = names()
    if name.lower() not in known:
        raise UnknownNameError(f"unknown optimizer {name!r}{nearest(name, known)}")
    return known[name.lower()]


def check(given: Any) -> list[Problem]:
    """Every problem of an optimizer's spec, as (place, message)."""
    try:
        cls = find(given["type"])
    except NntrainError as error:
        return [(("type",), str(error))]
    problems = list(argument_problems(cls, given))
    if not problems:
        try:
            build(given)
        except SpecError as error:
            return list(error.problems)
    return problems


def build(given: dict[str, Any]) -> Optimizer:
    """The optimizer of a spec. SpecError if its arguments are out of range."""
    cls = find(given["type"])
    try:
        return cls(**{name: value for name, value in given.items() if name != "type"})
    except ArgumentError as error:
        raise SpecError([((), str(error))]) from error


def spec(optimizer: Optimizer) -> dict[str, Any]:
    """The spec of an optimizer, with the arguments that were left to their defaults too, where they are not None."""
    cls = type(optimizer)
    defaults = {name: parameter.default for name, parameter in signature(cls).parameters.items()}
    arguments = {**defaults, **optimizer.arguments()}
    return {"type": cls.__name__.lower()} | {
        name: plain(value) for name, value in arguments.items() if value is not None
    }
