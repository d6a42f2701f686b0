"""From a spec to a component, and every problem of a spec at once."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Literal

from nntrain.errors import ArgumentError, NntrainError, SpecError, UnknownNameError, nearest
from nntrain.hooks.registry import registry
from nntrain.nn import random
from nntrain.nn.hints import fits, hints, spoken
from nntrain.nn.recorded import Recorded, signature

__all__ = ["Kind", "Problem", "argument_problems", "build", "check", "class_of"]

Kind = Literal["module", "criterion"]
Problem = tuple[tuple[str | int, ...], str]

# Keys of a spec that are no constructor arguments.
RESERVED = ("type", "id", "ref")


def build(spec: dict[str, Any], kind: Kind | None = None) -> Any:
    """Make the module or criterion that ``spec`` says. SpecError with every problem and its place.

    ``{"type": "Linear", "input_size": 4, "output_size": 2}``; containers carry ``"modules": [...]``. A spec with
    ``"id"`` can be met again as ``{"ref": id}``: the same object stands in both places.
    """
    problems = list(spec_problems(spec, kind, (), set(), incomplete=False))
    if problems:
        raise SpecError(problems)
    return made(spec, (), {})


def check(spec: Any, kind: Kind | None = None, incomplete: bool = False) -> list[Problem]:
    """Every problem of a spec, as (place in it, message). ``incomplete``: sizes that can be inferred may be missing.

    Where names and types are right the component is made, because only its constructor knows its ranges.
    """
    problems = list(spec_problems(spec, kind, (), set(), incomplete))
    if not problems:
        try:
            with random.undisturbed():
                made(spec, (), {}, incomplete)
        except SpecError as error:
            problems = list(error.problems)
    return problems


def class_of(name: Any, kind: Kind | None) -> type[Any]:
    """The registered class of that name. UnknownNameError names the nearest."""
    if kind is None:
        kind = "criterion" if name in registry().names("criterion") else "module"
    cls: type[Any] = registry().find(kind, name).cls
    return cls


def spec_problems(
    spec: Any, kind: Kind | None, place: tuple[str | int, ...], ids: set[str], incomplete: bool
) -> Iterator[Problem]:
    """The problems that can be seen without making anything."""
    if isinstance(spec, Recorded):
        return
    if not isinstance(spec, dict) or not ("type" in spec or "ref" in spec):
        yield place, f"expected a table with a 'type', got {spec!r}"
        return
    if "ref" in spec:
        if spec["ref"] not in ids:
            yield (*place, "ref"), f"nothing before this has the id {spec['ref']!r}"
        return
    ids.add(spec.get("id", ""))
    if not isinstance(spec["type"], str):
        yield (*place, "type"), f"expected the name of a {kind or 'module'}, got {spec['type']!r}"
        return
    try:
        cls = class_of(spec["type"], kind)
    except NntrainError as error:
        yield (*place, "type"), str(error)
        return
    for inner, what in argument_problems(cls, spec, incomplete):
        yield (*place, *inner), what
    for name, value in spec.items():
        yield from nested_problems(value, (*place, name), ids, incomplete)


def nested_problems(value: Any, place: tuple[str | int, ...], ids: set[str], incomplete: bool) -> Iterator[Problem]:
    """The problems of the specs inside an argument."""
    if is_spec(value):
        yield from spec_problems(value, None, place, ids, incomplete)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from spec_problems(item, None, (*place, index), ids, incomplete)


def is_spec(value: Any) -> bool:
    """Whether an argument is a component's spec."""
    return isinstance(value, dict) and ("type" in value or "ref" in value)


def argument_problems(cls: type[Any], given: dict[str, Any], incomplete: bool = False) -> Iterator[Problem]:
    """Names that the constructor does not know, values of another type, and arguments that are missing."""
    known = signature(cls).parameters
    for name, value in given.items():
        if name in RESERVED and name not in known:
            continue
        if name not in known:
            yield (name,), f"{cls.__name__} has no argument {name!r}{nearest(name, known)}"
        elif name in hints(cls) and not fits(value, hints(cls)[name]):
            yield (name,), f"expected {spoken(hints(cls)[name])}, got {value!r}"
    for name, parameter in known.items():
        missing = parameter.default is inspect.Parameter.empty and name not in given
        if missing and not (incomplete and can_follow(cls, name)):
            yield (), f"{cls.__name__} needs {name!r}"


def can_follow(cls: type[Any], name: str) -> bool:
    """Whether an argument can be inferred: from the batch, or from the target."""
    return name in getattr(cls, "inferred", {}) or name == getattr(cls, "sized_by_target", None)


def made(spec: Any, place: tuple[str | int, ...], ids: dict[str, Any], incomplete: bool = False) -> Any:
    """The component of a spec whose names and types are right; with ``incomplete``, None where sizes are missing."""
    if isinstance(spec, Recorded):
        return spec
    if "ref" in spec:
        return ids[spec["ref"]]
    cls = class_of(spec["type"], None)
    ids[spec.get("id", "")] = None
    arguments = {
        name: nested(value, (*place, name), ids, incomplete)
        for name, value in spec.items()
        if name not in RESERVED or name in signature(cls).parameters
    }
    if incomplete and any(lacks(value) for value in arguments.values()):
        return None
    try:
        signature(cls).bind(**arguments)
        component = cls(**arguments)
    except TypeError:
        if incomplete:
            return None
        raise
    except (ArgumentError, UnknownNameError, ValueError) as error:
        raise SpecError([(place, str(error))]) from error
    ids[spec.get("id", "")] = component
    return component


def nested(value: Any, place: tuple[str | int, ...], ids: dict[str, Any], incomplete: bool) -> Any:
    """An argument with the specs inside it made."""
    if is_spec(value):
        return made(value, place, ids, incomplete)
    if isinstance(value, list | tuple) and any(isinstance(item, dict) for item in value):
        return [made(item, (*place, index), ids, incomplete) for index, item in enumerate(value)]
    return value


def lacks(value: Any) -> bool:
    """Whether an argument has a component that could not be made yet."""
    return value is None or (isinstance(value, list) and any(item is None for item in value))
