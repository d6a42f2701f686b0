"""From a component to its spec: the recorded calls as JSON values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from nntrain.errors import ModuleError
from nntrain.nn.recorded import Recorded, plain
from nntrain.nn.sharing import present

__all__ = ["occurrences", "spec_of"]


def spec_of(component: Recorded) -> dict[str, Any]:
    """``{"type": class name, argument: value, ...}``, nested where an argument is a component.

    A component that occurs twice has an ``"id"`` where it occurs first and is ``{"ref": id}`` afterwards: the same
    object, or a twin of it. ModuleError for twins that share parameters, but have other arguments by now.
    """
    counts = Counter(identity(inner) for inner in occurrences(component))
    named: dict[int, tuple[Recorded, str]] = {}
    around: list[Recorded] = []

    def spelled(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [spelled(item) for item in value]
        if isinstance(value, dict):
            return {key: spelled(item) for key, item in value.items()}
        return call(value) if isinstance(value, Recorded) else plain(value)

    def call(inner: Recorded) -> dict[str, Any]:
        spec: dict[str, Any] = {"type": type(inner).__name__}
        if identity(inner) in named:
            first, name = named[identity(inner)]
            if alike(first, inner):
                return {"ref": name}
            check_parted(first, inner)
        elif counts[identity(inner)] > 1:
            spec["id"] = f"{type(inner).__name__}-{len(named)}"
            named[identity(inner)] = inner, spec["id"]
        # What is inside a frozen module is frozen too, and need not say so.
        frozen = getattr(inner, "frozen", False) and not around
        if frozen:
            spec["frozen"] = True
            around.append(inner)
        spec |= {name: spelled(value) for name, value in inner.arguments().items()}
        if frozen:
            around.pop()
        return spec

    return call(component)


def identity(component: Recorded) -> int:
    """A number that a component and its twins have, and no other."""
    return id(getattr(component, "_tie", None) or component)


def occurrences(component: Recorded) -> Iterator[Recorded]:
    """Every component as often as the spec meets it; the inside of each once, but for twins that are not alike."""
    first: dict[int, Recorded] = {}

    def met(value: Any) -> Iterator[Recorded]:
        if isinstance(value, Recorded):
            yield value
            if identity(value) in first and alike(first[identity(value)], value):
                return
            first.setdefault(identity(value), value)
            value = list(value.arguments().values())
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list | tuple):
            for item in value:
                yield from met(item)

    return met(component)


def alike(a: Any, b: Any) -> bool:
    """Whether two values of arguments are spelled in the same way, with the same components or twins of them."""
    if isinstance(a, Recorded) and isinstance(b, Recorded):
        return a is b or (identity(a) == identity(b) and alike(a.arguments(), b.arguments()))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(value, b[key]) for key, value in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    return plain(a) == plain(b)


def check_parted(first: Any, twin: Any) -> None:
    """ModuleError if twins that are not alike have parameters in common, which a spec could not say."""
    if any(present(twin)):
        raise ModuleError(
            f"{first.label()} is in two places with other arguments, {first!r} and {twin!r}; set them in both"
        )
