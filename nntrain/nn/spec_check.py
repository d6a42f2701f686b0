"""What can be wrong with a spec, as far as it can be seen without making anything."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator
from typing import Any, Literal, TypeAlias, get_args

from nntrain.errors import UnknownNameError, nearest
from nntrain.hooks.registry import registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.hints import fits, hints, spoken
from nntrain.nn.module import Module
from nntrain.nn.recorded import Recorded, signature

__all__ = [
    "Kind",
    "Place",
    "Problem",
    "argument_problems",
    "class_of",
    "is_spec",
    "nearest_or_all",
    "reserved",
    "spec_problems",
]

Kind: TypeAlias = Literal["module", "criterion"]
Place: TypeAlias = tuple[str | int, ...]
Problem: TypeAlias = tuple[Place, str]

# Keys of a spec that are no constructor arguments.
RESERVED = ("type", "id", "ref", "frozen")


def class_of(name: str, kind: Kind | None = None) -> type[Any]:
    """The registered class of that name. UnknownNameError names the nearest."""
    known = registry()
    if kind is None and not (known.has("module", name) or known.has("criterion", name)):
        names = known.names("module") + known.names("criterion")
        raise UnknownNameError(f"unknown module or criterion {name!r}{nearest(name, names)}")
    cls: type[Any] = known.find(kind or ("criterion" if known.has("criterion", name) else "module"), name).cls
    return cls


def is_spec(value: Any) -> bool:
    """Whether an argument is a component's spec, or a component."""
    return isinstance(value, Recorded) or (isinstance(value, dict) and ("type" in value or "ref" in value))


def reserved(name: str, kind: str) -> bool:
    """Whether a key of the spec of a ``kind`` is no argument of it."""
    return name in RESERVED and name not in signature(class_of(kind)).parameters


def spec_problems(
    spec: Any, kind: Kind | None, place: Place, ids: set[str], incomplete: bool = False
) -> Iterator[Problem]:
    """Every problem of a spec. ``ids`` are those met so far, and grow."""
    if isinstance(spec, Recorded):
        return
    if not isinstance(spec, dict) or not ("type" in spec or "ref" in spec):
        yield place, f"expected a table with a 'type', got {spec!r}"
    elif "ref" in spec:
        yield from reference_problems(spec, place, ids)
    elif not isinstance(spec["type"], str):
        yield (*place, "type"), f"expected the name of a {kind or 'module'}, got {spec['type']!r}"
    else:
        yield from call_problems(spec, kind, place, ids, incomplete)


def reference_problems(spec: dict[str, Any], place: Place, ids: set[str]) -> Iterator[Problem]:
    """The problems of ``{"ref": id}``."""
    if set(spec) != {"ref"}:
        other = next(name for name in spec if name != "ref")
        yield (*place, other), "a 'ref' stands alone: it names a component that was made before"
    elif not isinstance(spec["ref"], str) or spec["ref"] not in ids:
        yield (*place, "ref"), f"nothing before this has the id {spec['ref']!r}"


def call_problems(
    spec: dict[str, Any], kind: Kind | None, place: Place, ids: set[str], incomplete: bool
) -> Iterator[Problem]:
    """The problems of ``{"type": ..., argument: value}``, and of the specs inside it."""
    try:
        cls = class_of(spec["type"], kind)
    except UnknownNameError as error:
        yield (*place, "type"), str(error)
        return
    if "id" in spec and reserved("id", spec["type"]):
        if not isinstance(spec["id"], str) or spec["id"] in ids:
            yield (*place, "id"), f"expected a text that no other component has, got {spec['id']!r}"
        else:
            ids.add(spec["id"])
    if "frozen" in spec and reserved("frozen", spec["type"]):
        if not issubclass(cls, Module):
            yield (*place, "frozen"), f"{cls.__name__} is not a module: only modules can be frozen"
        elif not isinstance(spec["frozen"], bool):
            yield (*place, "frozen"), f"expected true or false, got {spec['frozen']!r}"
    for inner, what in argument_problems(cls, spec, incomplete):
        yield (*place, *inner), what
    for name, value in spec.items():
        yield from nested_problems(value, kind_of(hints(cls).get(name)), (*place, name), ids, incomplete)


def nested_problems(value: Any, kind: Kind | None, place: Place, ids: set[str], incomplete: bool) -> Iterator[Problem]:
    """The problems of the specs inside an argument."""
    if is_spec(value):
        yield from spec_problems(value, kind, place, ids, incomplete)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from spec_problems(item, kind, (*place, index), ids, incomplete)


def kind_of(hint: Any) -> Kind | None:
    """What an argument's annotation asks for: modules, criterions, or neither for sure."""
    if isinstance(hint, type):
        return "module" if issubclass(hint, Module) else "criterion" if issubclass(hint, Criterion) else None
    return next(filter(None, map(kind_of, get_args(hint))), None)


def argument_problems(cls: type[Any], given: dict[str, Any], incomplete: bool = False) -> Iterator[Problem]:
    """Names that the constructor does not know, values of another type, and arguments that are missing."""
    known = signature(cls).parameters
    for name, value in given.items():
        if name in RESERVED and name not in known:
            continue
        if name not in known:
            yield (name,), f"{cls.__name__} has no argument {name!r}{nearest_or_all(str(name), known)}"
        elif name in hints(cls) and not fits(value, hints(cls)[name]):
            yield (name,), f"expected {spoken(hints(cls)[name])}, got {value!r}"
    for name, parameter in known.items():
        missing = parameter.default is inspect.Parameter.empty and name not in given
        if missing and not (incomplete and can_follow(cls, name)):
            yield (), f"{cls.__name__} needs {name!r}"


def nearest_or_all(word: str, words: Collection[str]) -> str:
    """The end of a sentence about an unknown ``word``: the nearest of ``words``, or all where none is near."""
    return nearest(word, words) or (f"; there are: {', '.join(words)}" if words else "; there are none")


def can_follow(cls: type[Any], name: str) -> bool:
    """Whether an argument can be inferred: from the batch, or from the target."""
    return name in getattr(cls, "inferred", {}) or name == getattr(cls, "sized_by_target", None)
