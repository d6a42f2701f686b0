"""Optimizers, schedules, metrics and loggers from specs such as ``{"type": "adam", "beta1": 0.9}``, and back."""

from typing import Any, Literal, TypeAlias, TypeVar

from nntrain.errors import ArgumentError, SpecError
from nntrain.hooks.registry import get_registered_name, get_registry
from nntrain.nn.building.spec_validation import SpecProblem, find_argument_problems, suggest_names
from nntrain.specs.configurable import Configurable, get_signature, to_plain

RegisteredKind: TypeAlias = Literal["optimizer", "schedule", "metric", "logger"]

T = TypeVar("T")


def list_classes(kind: RegisteredKind) -> dict[str, type[Any]]:
    """Return the registered classes of a kind by lowercase name, as in a config."""
    return {name.lower(): get_registry().find(kind, name).cls for name in get_registry().names(kind)}


def get_options(cls: type[Any]) -> dict[str, str]:
    """Map the options of a class to constructor arguments: ``lambda`` to ``lambda_``, a Python keyword."""
    return {name.removesuffix("_"): name for name in get_signature(cls).parameters}


def find_option_problems(given: Any, kind: RegisteredKind) -> list[SpecProblem]:
    """Return every problem of a spec as (path, message)."""
    try:
        build_registered(given, kind)
    except SpecError as error:
        return list(error.problems)
    return []


def build_registered(given: dict[str, Any] | str, kind: RegisteredKind) -> Any:
    """Build the optimizer, schedule, metric or logger of a spec or name. SpecError lists every problem."""
    path, spec = ((), {"type": given}) if isinstance(given, str) else (("type",), given)
    if not isinstance(spec, dict) or not isinstance(spec.get("type"), str):
        raise SpecError([(path, f"expected the name of a class of kind {kind}, got {spec!r}")])
    known, name = list_classes(kind), spec["type"]
    if name.lower() not in known:
        raise SpecError([(path, f"unknown {kind} {name!r}{suggest_names(name, known)}")])
    return instantiate(known[name.lower()], {name: value for name, value in spec.items() if name != "type"})


def instantiate(cls: type[T], given: dict[str, Any]) -> T:
    """Build an object of the class from options. SpecError lists every problem."""
    known = get_options(cls)
    problems: list[SpecProblem] = [
        ((name,), f"{cls.__name__} has no argument {name!r}{suggest_names(name, known)}")
        for name in given
        if name not in known
    ]
    arguments = {known[name]: value for name, value in given.items() if name in known}
    for inner, message in find_argument_problems(cls, arguments):
        problems.append((tuple(str(name).removesuffix("_") for name in inner), message))
    if problems:
        raise SpecError(problems)
    try:
        return cls(**arguments)
    except ArgumentError as error:
        raise SpecError([((), str(error))]) from error


def to_spec(thing: Configurable) -> dict[str, Any]:
    """Return the spec of an object, including defaults that are not None."""
    cls = type(thing)
    defaults = {name: parameter.default for name, parameter in get_signature(cls).parameters.items()}
    arguments = {**defaults, **thing.get_arguments()}
    return {"type": get_registered_name(cls).lower()} | {
        name: to_plain(arguments[argument])
        for name, argument in get_options(cls).items()
        if arguments[argument] is not None
    }
