"""From a spec to a component, and every problem of a spec at once."""

from __future__ import annotations

from itertools import islice
from typing import Any

from nntrain.errors import ArgumentError, SpecError, UnknownNameError
from nntrain.nesting import DEEPEST, too_deep
from nntrain.nn import random
from nntrain.nn.allowance import without_memory
from nntrain.nn.container import Container
from nntrain.nn.module import Module
from nntrain.nn.overwriting import overwriting_problems
from nntrain.nn.recorded import Recorded, python_numbers, signature
from nntrain.nn.spec_check import Kind, Place, Problem, class_of, is_spec, reserved, spec_problems

__all__ = ["LARGEST", "build", "check", "size_problem"]

# Modules of a network: a small text could name far more by naming one again and again.
LARGEST = 100_000

# Problems of a spec that are told: to look for the nearest name of each takes its time.
MOST_PROBLEMS = 101


def build(
    spec: dict[str, Any], kind: Kind | None = None, known: dict[str, Any] | None = None, *, overwrites: bool = False
) -> Any:
    """Make the module or criterion that ``spec`` says. SpecError with every problem and its place.

    A module that works in place on memory that is still needed, or on a container's input, is a problem, unless the
    network ``overwrites``: one from a file is made as it is.

    ``{"type": "Linear", "input_size": 4, "output_size": 2}``; containers carry ``"modules": [...]``. A spec with
    ``"id"`` can be met again as ``{"ref": id}``: another place of the module, with the same parameters and running
    statistics; as an argument that is no place, such as the pooling of an unpooling, that very module. ``known`` are
    components that a ``"ref"`` may name too; those that are made with an id are entered into it.
    """
    known = {} if known is None else known
    if problem := size_problem(spec, dict.fromkeys(known, 1)):
        raise SpecError([problem])
    spec = python_numbers(spec)
    problems = list(islice(spec_problems(spec, kind, (), set(known)), MOST_PROBLEMS))
    if problems:
        raise SpecError(problems)
    component = made(spec, (), known)
    if isinstance(component, Module) and not overwrites:
        problems += overwriting_problems(component, fed_data=isinstance(component, Container))
        if problems:
            raise SpecError(problems)
    return component


def size_problem(spec: Any, sizes: dict[str, int]) -> Problem | None:
    """What is wrong with a spec that is too large or too deep to be looked at; ``sizes``: of the components known."""
    if too_deep(spec):
        return (), f"modules and lists are nested more than {DEEPEST} deep"
    if unrolled(spec, sizes) > LARGEST:
        return (), f"more than {LARGEST:,} modules, those that stand in several places counted in each"
    return None


def unrolled(value: Any, sizes: dict[str, int]) -> int:
    """How many components a spec is, those named by a ``"ref"`` counted again; ``sizes`` are those of the ids."""
    if isinstance(value, list | tuple):
        return sum(unrolled(item, sizes) for item in value)
    if not isinstance(value, dict):
        return 0
    if "ref" in value:
        return sizes.get(value["ref"], 1) if isinstance(value["ref"], str) else 1
    size = 1 + sum(unrolled(item, sizes) for item in value.values())
    if isinstance(value.get("id"), str):
        sizes[value["id"]] = size
    return size


def check(spec: Any, kind: Kind | None = None, incomplete: bool = False) -> list[Problem]:
    """Every problem of a spec, as (place in it, message). ``incomplete``: sizes that can be inferred may be missing.

    Where names and types are right the component is made, because only its constructor knows its ranges.
    """
    if problem := size_problem(spec, {}):
        return [problem]
    spec = python_numbers(spec)
    problems = list(islice(spec_problems(spec, kind, (), set(), incomplete), MOST_PROBLEMS))
    if not problems:
        try:
            with random.undisturbed(), without_memory():
                made(spec, (), {}, incomplete)
        except SpecError as error:
            problems = list(error.problems)
    return problems


def made(spec: Any, place: Place, known: dict[str, Any], incomplete: bool = False) -> Any:
    """The component of a spec whose names and types are right; with ``incomplete``, None where sizes are missing."""
    if isinstance(spec, Recorded):
        return spec
    if "ref" in spec:
        if spec["ref"] not in known:
            raise SpecError([((*place, "ref"), f"{spec['ref']!r} is inside itself: expected a component made before")])
        return known[spec["ref"]]
    cls = class_of(spec["type"], None)
    arguments = made_arguments(spec, place, known, incomplete)
    component = None
    if not (incomplete and is_unfinished(cls, arguments)):
        try:
            component = cls(**arguments)
        except (ArgumentError, UnknownNameError, ValueError) as error:
            raise SpecError([(place, str(error))]) from error
    if component is not None and spec.get("frozen") and reserved("frozen", spec["type"]):
        component.freeze()
    if "id" in spec and reserved("id", spec["type"]):
        known[spec["id"]] = component
    return component


def made_arguments(spec: dict[str, Any], place: Place, known: dict[str, Any], incomplete: bool) -> dict[str, Any]:
    """The arguments of a spec, with the specs in them made. SpecError with the problems of all."""
    arguments: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in spec.items():
        if reserved(name, spec["type"]):
            continue
        try:
            arguments[name] = nested(value, (*place, name), known, incomplete)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return arguments


def nested(value: Any, place: Place, known: dict[str, Any], incomplete: bool) -> Any:
    """An argument with the specs inside it made. SpecError with the problems of all."""
    if is_spec(value):
        return made(value, place, known, incomplete)
    if not isinstance(value, list | tuple) or not any(is_spec(item) for item in value):
        return value
    items: list[Any] = []
    problems: list[Problem] = []
    for index, item in enumerate(value):
        try:
            items.append(made(item, (*place, index), known, incomplete))
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return items


def is_unfinished(cls: type[Any], arguments: dict[str, Any]) -> bool:
    """Whether an argument is missing, or holds a component that could not be made yet."""
    parameters = signature(cls).parameters.items()
    if any(parameter.default is parameter.empty and name not in arguments for name, parameter in parameters):
        return True
    return any(value is None or (isinstance(value, list) and None in value) for value in arguments.values())
