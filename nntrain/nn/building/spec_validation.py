"""Validation of specs without building anything."""

import inspect
import math
from collections.abc import Collection, Iterator
from typing import Any, Literal, TypeAlias, get_args

from nntrain.errors import UnknownNameError, suggest_name
from nntrain.hooks.registry import get_registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.parameter_factors import FACTOR_KEYS
from nntrain.specs.configurable import Configurable, get_signature
from nntrain.specs.type_hints import format_hint, get_hints, is_of_type

ComponentKind: TypeAlias = Literal["module", "criterion"]
SpecPath: TypeAlias = tuple[str | int, ...]
SpecProblem: TypeAlias = tuple[SpecPath, str]

# Keys of a spec that are not constructor arguments.
RESERVED_KEYS = ("type", "id", "ref", "frozen", *FACTOR_KEYS)


def find_class(name: str, kind: ComponentKind | None = None) -> type[Any]:
    """Return the registered class of that name. UnknownNameError suggests the closest name."""
    known = get_registry()
    if kind is None and not (known.has("module", name) or known.has("criterion", name)):
        names = known.names("module") + known.names("criterion")
        raise UnknownNameError(f"unknown module or criterion {name!r}{suggest_name(name, names)}")
    cls: type[Any] = known.find(kind or ("criterion" if known.has("criterion", name) else "module"), name).cls
    return cls


def is_spec(value: Any) -> bool:
    """Whether an argument is a component or its spec."""
    return isinstance(value, Configurable) or (isinstance(value, dict) and ("type" in value or "ref" in value))


def iterate_tables(value: Any) -> Iterator[dict[str, Any]]:
    """Iterate over a spec and all dicts inside it, each before those that it contains."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from iterate_tables(item)


def is_reserved(name: str, cls: str) -> bool:
    """Whether a key in the spec of that class is not a constructor argument."""
    return name in RESERVED_KEYS and name not in get_signature(find_class(cls)).parameters


def find_spec_problems(
    spec: Any, kind: ComponentKind | None, path: SpecPath, ids: set[str], incomplete: bool = False
) -> Iterator[SpecProblem]:
    """Iterate over the problems of a spec. ``ids`` collects the ids seen so far."""
    if isinstance(spec, Configurable):
        return
    if not isinstance(spec, dict) or not ("type" in spec or "ref" in spec):
        yield path, f"expected a table with a 'type', got {spec!r}"
    elif "ref" in spec:
        yield from find_reference_problems(spec, path, ids)
    elif not isinstance(spec["type"], str):
        yield (*path, "type"), f"expected the name of a {kind or 'module'}, got {spec['type']!r}"
    else:
        yield from find_call_problems(spec, kind, path, ids, incomplete)


def find_reference_problems(spec: dict[str, Any], path: SpecPath, ids: set[str]) -> Iterator[SpecProblem]:
    """Iterate over the problems of ``{"ref": id}``."""
    if set(spec) != {"ref"}:
        other = next(name for name in spec if name != "ref")
        yield (*path, other), "'ref' takes no other keys: it refers to an earlier component"
    elif not isinstance(spec["ref"], str) or spec["ref"] not in ids:
        yield (*path, "ref"), f"no earlier component has the id {spec['ref']!r}"


def find_call_problems(
    spec: dict[str, Any], kind: ComponentKind | None, path: SpecPath, ids: set[str], incomplete: bool
) -> Iterator[SpecProblem]:
    """Iterate over the problems of ``{"type": ..., argument: value}`` and the specs inside it."""
    try:
        cls = find_class(spec["type"], kind)
    except UnknownNameError as error:
        yield (*path, "type"), str(error)
        return
    if "id" in spec and is_reserved("id", spec["type"]):
        if not isinstance(spec["id"], str) or spec["id"] in ids:
            yield (*path, "id"), f"expected a unique string, got {spec['id']!r}"
        else:
            ids.add(spec["id"])
    if "frozen" in spec and is_reserved("frozen", spec["type"]):
        if not issubclass(cls, Module):
            yield (*path, "frozen"), f"{cls.__name__} is not a module: only modules can be frozen"
        elif not isinstance(spec["frozen"], bool):
            yield (*path, "frozen"), f"expected a boolean, got {spec['frozen']!r}"
    for key in FACTOR_KEYS:
        if key in spec and is_reserved(key, spec["type"]):
            yield from find_factor_problems(spec, cls, path, key)
    for inner, what in find_argument_problems(cls, spec, incomplete):
        yield (*path, *inner), what
    for name, value in spec.items():
        yield from find_nested_problems(value, get_kind(get_hints(cls).get(name)), (*path, name), ids, incomplete)


def find_factor_problems(spec: dict[str, Any], cls: type[Any], path: SpecPath, key: str) -> Iterator[SpecProblem]:
    """Iterate over the problems of a learning rate or weight decay factor."""
    path, factor = (*path, key), spec[key]
    by_name = factor if isinstance(factor, dict) else {None: factor}
    if not issubclass(cls, Module):
        yield path, f"{cls.__name__} is not a module: only modules have parameters"
        return
    has_references = any("ref" in inner for inner in iterate_tables(spec))
    known = dict.fromkeys(name for inner in iterate_classes(spec) for name in inner.parameter_names)
    for name, value in by_name.items():
        where = path if name is None else (*path, name)
        if name is not None and name not in known and not has_references:
            yield where, f"{cls.__name__} has no parameter {name!r}{suggest_names(str(name), known)}"
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            expected = "a number of at least 0" + (", or a table of them by parameter name" if name is None else "")
            yield where, f"expected {expected}, got {value!r}"


def iterate_classes(value: Any) -> Iterator[type[Module]]:
    """Iterate over the classes of the modules in a spec; unknown ones are skipped."""
    if isinstance(value, Module):
        yield from map(type, value.list_modules())
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from iterate_classes(item)
    name = value.get("type") if isinstance(value, dict) else None
    if isinstance(name, str) and get_registry().has("module", name):
        yield find_class(name, "module")


def find_nested_problems(
    value: Any, kind: ComponentKind | None, path: SpecPath, ids: set[str], incomplete: bool
) -> Iterator[SpecProblem]:
    """Iterate over the problems of the specs inside an argument."""
    if is_spec(value):
        yield from find_spec_problems(value, kind, path, ids, incomplete)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from find_spec_problems(item, kind, (*path, index), ids, incomplete)


def get_kind(hint: Any) -> ComponentKind | None:
    """Return the kind of component that an argument's annotation requires; None if neither."""
    if isinstance(hint, type):
        return "module" if issubclass(hint, Module) else "criterion" if issubclass(hint, Criterion) else None
    return next(filter(None, map(get_kind, get_args(hint))), None)


def find_argument_problems(cls: type[Any], given: dict[str, Any], incomplete: bool = False) -> Iterator[SpecProblem]:
    """Iterate over unknown names, values of the wrong type, and missing arguments."""
    known = get_signature(cls).parameters
    for name, value in given.items():
        if name in RESERVED_KEYS and name not in known:
            continue
        if name not in known:
            yield (name,), f"{cls.__name__} has no argument {name!r}{suggest_names(str(name), known)}"
        elif name in get_hints(cls) and not is_of_type(value, get_hints(cls)[name]):
            yield (name,), f"expected {format_hint(get_hints(cls)[name])}, got {value!r}"
    for name, parameter in known.items():
        missing = parameter.default is inspect.Parameter.empty and name not in given
        if missing and not (incomplete and is_inferable(cls, name)):
            yield (), f"{cls.__name__} needs {name!r}"


def suggest_names(word: str, words: Collection[str]) -> str:
    """Return the end of an error about an unknown word: the closest of ``words``, or all of them."""
    return suggest_name(word, words) or (f"; expected one of: {', '.join(words)}" if words else "; none are known")


def is_inferable(cls: type[Any], name: str) -> bool:
    """Whether an argument can be inferred from the batch or the target."""
    return name in getattr(cls, "inferred", {}) or name == getattr(cls, "sized_by_target", None)
