"""Build components from specs, and find all problems of a spec at once."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from nntrain.compute import random
from nntrain.compute.allocation_budget import skip_allocation
from nntrain.errors import ArgumentError, SpecError, UnknownNameError
from nntrain.nn.building.component_spec import MAX_MODULES
from nntrain.nn.building.spec_validation import (
    ComponentKind,
    SpecPath,
    SpecProblem,
    find_class,
    find_spec_problems,
    is_reserved,
    is_spec,
)
from nntrain.nn.container import Container
from nntrain.nn.inplace_checks import find_inplace_problems
from nntrain.nn.module import Module
from nntrain.nn.parameter_factors import FACTOR_KEYS
from nntrain.specs.configurable import Configurable, get_signature, to_python_numbers
from nntrain.specs.nesting import MAX_NESTING, is_too_deep

# Maximum number of reported problems: the search for a close name takes time for each.
MAX_PROBLEMS = 101


def build(
    spec: dict[str, Any],
    kind: ComponentKind | None = None,
    known: dict[str, Any] | None = None,
    *,
    allow_inplace: bool = False,
) -> Any:
    """Build the module or criterion of a spec. SpecError lists every problem with its path.

    Example: ``{"type": "Linear", "input_size": 4, "output_size": 2}``; containers have ``"modules": [...]``.
    ``{"ref": id}`` refers to an earlier spec with that ``"id"``. In a container it is a second use of the module, with
    the same parameters and running statistics; as any other argument, such as the pooling of an unpooling, it is that
    module itself. ``known`` maps further ids to components, and receives those built with an id.

    An in-place module that overwrites memory still needed, or a container's input, is a problem unless
    ``allow_inplace``: networks from files are built as they are.
    """
    known = {} if known is None else known
    if problems := check_spec(spec, kind, known):
        raise SpecError(problems)
    component = build_component(to_python_numbers(spec), (), known)
    if isinstance(component, Module) and not allow_inplace:
        problems = find_inplace_problems(component, is_data_input=isinstance(component, Container))
        if problems:
            raise SpecError(problems)
    return component


def check_spec(
    spec: Any, kind: ComponentKind | None, known: Iterable[str] = (), incomplete: bool = False
) -> list[SpecProblem]:
    """Return the problems of a spec that can be found without building it; ``known``: ids of other components."""
    if is_too_deep(spec):
        return [((), f"modules and lists are nested more than {MAX_NESTING} deep")]
    if count_components(spec, dict.fromkeys(known, 1)) > MAX_MODULES:
        return [((), f"more than {MAX_MODULES:,} modules, counting each use of a shared module")]
    problems = find_spec_problems(to_python_numbers(spec), kind, (), set(known), incomplete)
    return list(islice(problems, MAX_PROBLEMS))


def count_components(value: Any, sizes: dict[str, int]) -> int:
    """Count the components of a spec, also for each ``"ref"``; ``sizes`` maps ids to counts."""
    if isinstance(value, list | tuple):
        return sum(count_components(item, sizes) for item in value)
    if not isinstance(value, dict):
        return 0
    if "ref" in value:
        return sizes.get(value["ref"], 1) if isinstance(value["ref"], str) else 1
    size = 1 + sum(count_components(item, sizes) for item in value.values())
    if isinstance(value.get("id"), str):
        sizes[value["id"]] = size
    return size


def find_problems(spec: Any, kind: ComponentKind | None = None, incomplete: bool = False) -> list[SpecProblem]:
    """Return every problem of a spec as (path, message). ``incomplete``: inferable sizes may be missing.

    If names and types are correct, the component is built, because only its constructor checks ranges.
    """
    problems = check_spec(spec, kind, incomplete=incomplete)
    if not problems:
        try:
            with random.preserve_initial_stream(), skip_allocation():
                build_component(to_python_numbers(spec), (), {}, incomplete)
        except SpecError as error:
            problems = list(error.problems)
    return problems


def build_component(spec: Any, path: SpecPath, known: dict[str, Any], incomplete: bool = False) -> Any:
    """Build the component of a valid spec; with ``incomplete``, None if sizes are missing."""
    if isinstance(spec, Configurable):
        return spec
    if "ref" in spec:
        if spec["ref"] not in known:
            raise SpecError([((*path, "ref"), f"{spec['ref']!r} is inside itself: expected an earlier component")])
        return known[spec["ref"]]
    cls = find_class(spec["type"], None)
    given = {name: value for name, value in spec.items() if not is_reserved(name, spec["type"])}
    arguments = collect(given.items(), lambda name, value: build_nested(value, (*path, name), known, incomplete))
    component = None
    if not (incomplete and is_unfinished(cls, arguments)):
        try:
            component = cls(**arguments)
        except (ArgumentError, UnknownNameError, ValueError) as error:
            raise SpecError([(path, str(error))]) from error
    if component is not None and spec.get("frozen") and is_reserved("frozen", spec["type"]):
        component.freeze()
    for key in FACTOR_KEYS if component is not None else ():
        if key in spec and is_reserved(key, spec["type"]):
            setattr(component, key, spec[key])
    if "id" in spec and is_reserved("id", spec["type"]):
        known[spec["id"]] = component
    return component


def build_nested(value: Any, path: SpecPath, known: dict[str, Any], incomplete: bool) -> Any:
    """Return an argument with nested specs built. SpecError lists all problems."""
    if is_spec(value):
        return build_component(value, path, known, incomplete)
    if not isinstance(value, list | tuple) or not any(is_spec(item) for item in value):
        return value
    built = collect(enumerate(value), lambda index, item: build_component(item, (*path, index), known, incomplete))
    return list(built.values())


def collect(items: Iterable[tuple[Any, Any]], function: Callable[[Any, Any], Any]) -> dict[Any, Any]:
    """Return ``function(key, value)`` by key. SpecError lists the problems of all items."""
    results: dict[Any, Any] = {}
    problems: list[SpecProblem] = []
    for key, value in items:
        try:
            results[key] = function(key, value)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return results


def is_unfinished(cls: type[Any], arguments: dict[str, Any]) -> bool:
    """Whether an argument is missing, or contains a component that could not be built yet."""
    parameters = get_signature(cls).parameters.items()
    if any(parameter.default is parameter.empty and name not in arguments for name, parameter in parameters):
        return True
    return any(value is None or (isinstance(value, list) and None in value) for value in arguments.values())
