"""The spec of a component: its recorded constructor call as JSON values."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from nntrain.errors import ModuleError
from nntrain.nn.parameter_factors import get_spec_factors
from nntrain.nn.sharing.shared_arrays import iterate_array_names
from nntrain.specs.configurable import Configurable, to_plain

# Maximum number of modules in a network: a short spec with nested references could describe far more.
MAX_MODULES = 100_000


def build_spec(component: Configurable) -> dict[str, Any]:
    """Return ``{"type": class name, argument: value, ...}``, nested if an argument is a component.

    A component that occurs twice (the same object or a tied copy) has an ``"id"`` the first time and is
    ``{"ref": id}`` afterwards. ModuleError for tied copies whose arguments differ.
    """
    counts = Counter(get_identity(inner) for inner in iterate_components(component))
    named: dict[int, tuple[Configurable, str]] = {}
    frozen_ancestors: list[Configurable] = []

    def to_value(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [to_value(item) for item in value]
        if isinstance(value, dict):
            return {key: to_value(item) for key, item in value.items()}
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
        # Modules inside a frozen module are frozen too; only the outermost one has the key.
        frozen = getattr(inner, "frozen", False) and not frozen_ancestors
        if frozen:
            spec["frozen"] = True
            frozen_ancestors.append(inner)
        spec |= get_spec_factors(inner)
        spec |= {name: to_value(value) for name, value in inner.get_arguments().items()}
        if frozen:
            frozen_ancestors.pop()
        return spec

    return call(component)


def get_identity(component: Configurable) -> int:
    """Return a number that only a component and its tied copies have."""
    return id(getattr(component, "_tie", None) or component)


def iterate_components(component: Configurable) -> Iterator[Configurable]:
    """Iterate over each use of a component in a spec; descend into each once, unless tied copies differ."""
    first: dict[int, Configurable] = {}

    def walk(value: Any) -> Iterator[Configurable]:
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
                yield from walk(item)

    return walk(component)


def is_alike(a: Any, b: Any) -> bool:
    """Whether two argument values have the same spec, with the same components or tied copies."""
    if isinstance(a, Configurable) and isinstance(b, Configurable):
        return a is b or (get_identity(a) == get_identity(b) and is_alike(a.get_arguments(), b.get_arguments()))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(is_alike(value, b[key]) for key, value in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(is_alike, a, b))
    return to_plain(a) == to_plain(b)


def check_unshared(first: Any, twin: Any) -> None:
    """Raise ModuleError if tied copies with different arguments share parameters, which a spec cannot express."""
    if any(iterate_array_names(twin)):
        arguments = f"{first!r} and {twin!r}"
        raise ModuleError(f"{first.label()} is used twice with different arguments, {arguments}; set them in both")
