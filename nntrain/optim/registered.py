"""Optimizers, schedules, metrics and loggers by name: a config's ``{"type": "adam", "beta1": 0.9}`` and back."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypeVar

from nntrain.errors import ArgumentError, SpecError, UnknownNameError
from nntrain.hooks.registry import registry
from nntrain.nn.recorded import Recorded, plain, signature
from nntrain.nn.spec_check import Problem, argument_problems, nearest_or_all

__all__ = ["Kind", "build", "check", "find", "made", "names", "options", "spec"]

Kind: TypeAlias = Literal["optimizer", "schedule", "metric", "logger"]

T = TypeVar("T")


def names(kind: Kind = "optimizer") -> dict[str, type[Any]]:
    """What is registered of a kind, by its names in lower case, as a config writes them."""
    return {name.lower(): registry().find(kind, name).cls for name in registry().names(kind)}


def find(name: str, kind: Kind = "optimizer") -> type[Any]:
    """The class of that name, in upper or lower case. UnknownNameError names the nearest."""
    known = names(kind)
    if name.lower() not in known:
        raise UnknownNameError(f"unknown {kind} {name!r}{nearest_or_all(name, known)}")
    return known[name.lower()]


def options(cls: type[Any]) -> dict[str, str]:
    """The options of a class, each with its argument: ``lambda`` is ``lambda_``, as Python keeps the word."""
    return {name.removesuffix("_"): name for name in signature(cls).parameters}


def check(given: Any, kind: Kind = "optimizer") -> list[Problem]:
    """Every problem of a spec, as (place, message)."""
    try:
        build(given, kind)
    except SpecError as error:
        return list(error.problems)
    return []


def build(given: dict[str, Any] | str, kind: Kind = "optimizer") -> Any:
    """The optimizer, schedule, metric or logger of a spec, or of a name alone. SpecError tells every problem."""
    place, spec = ((), {"type": given}) if isinstance(given, str) else (("type",), given)
    if not isinstance(spec, dict) or not isinstance(spec.get("type"), str):
        raise SpecError([(place, f"expected the name of a class of kind {kind}, got {spec!r}")])
    try:
        cls = find(spec["type"], kind)
    except UnknownNameError as error:
        raise SpecError([(place, str(error))]) from error
    return made(cls, {name: value for name, value in spec.items() if name != "type"})


def made(cls: type[T], given: dict[str, Any]) -> T:
    """An object of the class with the options that are given. SpecError tells every problem."""
    known = options(cls)
    problems: list[Problem] = [
        ((name,), f"{cls.__name__} has no argument {name!r}{nearest_or_all(name, known)}")
        for name in given
        if name not in known
    ]
    arguments = {known[name]: value for name, value in given.items() if name in known}
    for place, what in argument_problems(cls, arguments):
        problems.append((tuple(str(name).removesuffix("_") for name in place), what))
    if problems:
        raise SpecError(problems)
    try:
        return cls(**arguments)
    except ArgumentError as error:
        raise SpecError([((), str(error))]) from error


def spec(thing: Recorded) -> dict[str, Any]:
    """The spec of an optimizer or a schedule, with the options left to their defaults too, where they are not None."""
    cls = type(thing)
    defaults = {name: parameter.default for name, parameter in signature(cls).parameters.items()}
    arguments = {**defaults, **thing.arguments()}
    return {"type": cls.__name__.lower()} | {
        name: plain(arguments[argument]) for name, argument in options(cls).items() if arguments[argument] is not None
    }
