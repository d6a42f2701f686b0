"""Optimizers and schedules by name: a config's ``{"type": "adam", "learning_rate": 0.001}`` and back."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from nntrain.errors import ArgumentError, NntrainError, SpecError, UnknownNameError, nearest
from nntrain.hooks.registry import registry
from nntrain.nn.recorded import Recorded, plain, signature
from nntrain.nn.spec_check import Problem, argument_problems

__all__ = ["Kind", "build", "check", "find", "spec"]

Kind: TypeAlias = Literal["optimizer", "schedule"]


def names(kind: Kind) -> dict[str, type[Any]]:
    """What is registered of a kind, by its names in lower case, as a config writes them."""
    return {name.lower(): registry().find(kind, name).cls for name in registry().names(kind)}


def find(name: str, kind: Kind = "optimizer") -> type[Any]:
    """The class of that name, in upper or lower case. UnknownNameError names the nearest."""
    known = names(kind)
    if name.lower() not in known:
        raise UnknownNameError(f"unknown {kind} {name!r}{nearest(name, known)}")
    return known[name.lower()]


def check(given: Any, kind: Kind = "optimizer") -> list[Problem]:
    """Every problem of a spec, as (place, message)."""
    try:
        cls = find(given["type"], kind)
    except NntrainError as error:
        return [(("type",), str(error))]
    problems = list(argument_problems(cls, given))
    if not problems:
        try:
            build(given, kind)
        except SpecError as error:
            return list(error.problems)
    return problems


def build(given: dict[str, Any], kind: Kind = "optimizer") -> Any:
    """The optimizer or schedule of a spec. SpecError if its arguments are out of range."""
    cls = find(given["type"], kind)
    try:
        return cls(**{name: value for name, value in given.items() if name != "type"})
    except ArgumentError as error:
        raise SpecError([((), str(error))]) from error


def spec(made: Recorded) -> dict[str, Any]:
    """The spec of what was made, with the arguments that were left to their defaults too, where they are not None."""
    cls = type(made)
    defaults = {name: parameter.default for name, parameter in signature(cls).parameters.items()}
    arguments = {**defaults, **made.arguments()}
    return {"type": cls.__name__.lower()} | {
        name: plain(value) for name, value in arguments.items() if value is not None
    }
