"""From a component to its spec: the recorded calls as JSON values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from nntrain.nn.recorded import Recorded, plain

__all__ = ["spec_of"]


def spec_of(component: Recorded) -> dict[str, Any]:
    """``{"type": class name, argument: value, ...}``, nested where an argument is a component.

    A component that occurs twice has an ``"id"`` where it occurs first and is ``{"ref": id}`` afterwards.
    """
    counts = Counter(id(inner) for inner in occurrences(component, set()))
    names: dict[int, str] = {}

    def spelled(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [spelled(item) for item in value]
        if isinstance(value, dict):
            return {key: spelled(item) for key, item in value.items()}
        return call(value) if isinstance(value, Recorded) else plain(value)

    def call(inner: Recorded) -> dict[str, Any]:
        if id(inner) in names:
            return {"ref": names[id(inner)]}
        spec: dict[str, Any] = {"type": type(inner).__name__}
        if counts[id(inner)] > 1:
            names[id(inner)] = spec["id"] = f"{type(inner).__name__}-{len(names)}"
        return spec | {name: spelled(value) for name, value in inner.arguments().items()}

    return call(component)


def occurrences(value: Any, seen: set[int]) -> Iterator[Recorded]:
    """Every component in ``value`` as often as the spec meets it; the inside of each once."""
    if isinstance(value, Recorded):
        yield value
        if id(value) in seen:
            return
        seen.add(id(value))
        value = list(value.arguments().values())
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from occurrences(item, seen)
