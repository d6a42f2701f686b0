"""From a component to its spec: the recorded calls as JSON values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from nntrain.errors import ModuleError
from nntrain.nn.sharing.shared_arrays import iterate_array_names
from nntrain.specs.configurable import Configurable, to_plain

__all__ = ["build_spec", "iterate_components"]


def build_spec(component: Configurable) -> dict[str, Any]:
    """``{"type": class name, argument: value, ...}``, nested where an argument is a component.

    A component that occurs twice has an ``"id"`` where it occurs first and is ``{"ref": id}`` afterwards: the same
    object, or a twin of it. ModuleError for twins that share parameters, but have other arguments by now.
    """
    counts = Counter(get_identity(inner) for inner in iterate_components(component))
    named: dict[int, tuple[Configurable, str]] = {}
    around: list[Configurable] = []

    def spelled(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [spelled(item) for item in value]
        if isinstance(value, dict):
            return {key: spelled(item) for key, item in value.items()}
        return call(value) if isinstance(value, Configurable) else to_plain(value)

    def call(inner: Configurable) -> dict[str, Any]:
        spec: dict[str, Any] = {"type": type(inner).__name__}
        if get_identity(inner) in named:
            first, name = named[get_identity(inner)]
            if is_alike(first, inner):
                return {"ref": name}
            check_unshared(first, inner)
        elif counts[get_identity(inner)] > 1:
            spec["id"] = f"{type(inner).__name__}-{len(named)}"
            named[get_identity(inner)] = inner, spec["id"]
        # What is inside a frozen module is frozen too, and need not say so.
        frozen = getattr(inner, "frozen", False) and not around
        if frozen:
            spec["frozen"] = True
            around.append(inner)
        spec |= {name: spelled(value) for name, value in inner.get_arguments().items()}
        if frozen:
            around.pop()
        return spec

    return call(component)


def get_identity(component: Configurable) -> int:
    """A number that a component and its twins have, and no other."""
    return id(getattr(component, "_tie", None) or component)


def iterate_components(component: Configurable) -> Iterator[Configurable]:
    """Every component as often as the spec meets it; the inside of each once, but for twins that are not alike."""
    first: dict[int, Configurable] = {}

    def met(value: Any) -> Iterator[Configurable]:
        if isinstance(value, Configurable):
            yield value
            if get_identity(value) in first and is_alike(first[get_identity(value)], value):
                return
            first.setdefault(get_identity(value), value)
            value = list(value.get_arguments().values())
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list | tuple):
            for item in value:
                yield from met(item)

    return met(component)


def is_alike(a: Any, b: Any) -> bool:
    """Whether two values of arguments are spelled in the same way, with the same components or twins of them."""
    if isinstance(a, Configurable) and isinstance(b, Configurable):
        return a is b or (get_identity(a) == get_identity(b) and is_alike(a.get_arguments(), b.get_arguments()))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(is_alike(value, b[key]) for key, value in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(is_alike, a, b))
    return to_plain(a) == to_plain(b)


def check_unshared(first: Any, twin: Any) -> None:
    """ModuleError if twins that are not alike have parameters in common, which a spec could not say."""
    if any(iterate_array_names(twin)):
        raise ModuleError(
            f"{first.label()} is in two places with other arguments, {first!r} and {twin!r}; set them in both"
        )
