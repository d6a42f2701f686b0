"""The search for modules and criterions in the value of a file."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from nntrain.nn.criterion import Criterion
from nntrain_torch7.format import ObjectKey, TorchObject
from nntrain_torch7.format.object_path import PathStep, format_path
from nntrain_torch7.mappings.mapping_lookup import find_class

# Fields that only objects of nn have: every module and criterion has the first two, a container the third.
MODULE_FIELDS = ("gradInput", "output", "modules")

# A class of nn that is neither a module nor a criterion, but contains one of each.
TRAINER_CLASSES = ("nn.StochasticGradient",)

# The path to an object: the link of its parent and the last step; None at the root.
ObjectLink = tuple[Any, PathStep] | None


def find_modules(value: Any) -> Iterator[tuple[str, TorchObject]]:
    """Yield the modules and criterions in tables, tds containers and other objects, each once, in breadth-first order.

    Each comes with its path, "" for the root; their contents are not searched.
    """
    seen: set[int] = set()
    waiting: deque[tuple[ObjectLink, Any]] = deque([(None, value)])
    while waiting:
        way, item = waiting.popleft()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if is_module(item):
            yield format_path(get_steps(way)), item
            continue
        waiting.extend(((way, step), inner) for step, inner in iterate_children(item))


def select_outermost(modules: list[tuple[str, TorchObject]]) -> list[tuple[str, TorchObject]]:
    """Return the modules that are not inside another one; all, if each is."""
    inside: set[int] = set()
    waiting = [inner for _, top in modules for _, inner in iterate_children(top)]
    while waiting:
        item = waiting.pop()
        if id(item) not in inside:
            inside.add(id(item))
            waiting.extend(inner for _, inner in iterate_children(item))
    return [(place, item) for place, item in modules if id(item) not in inside] or modules


def iterate_children(value: Any) -> Iterator[tuple[PathStep, Any]]:
    """Yield the objects inside a table or an object, including keys, with the steps to them."""
    fields = value.fields if isinstance(value, TorchObject) else value
    for key, inner in fields.items() if isinstance(fields, dict) else ():
        if isinstance(key, ObjectKey):
            yield "key", key.value
        if isinstance(inner, dict | TorchObject):
            yield key, inner


def is_module(value: Any) -> bool:
    """Whether an object is a module or a criterion: of a known class, of the package nn, or with their fields."""
    if not isinstance(value, TorchObject) or value.name in TRAINER_CLASSES:
        return False
    fields = value.fields if isinstance(value.fields, dict) else {}
    return (
        find_class(value.name) is not None
        or value.name.startswith("nn.")
        or any(name in fields for name in MODULE_FIELDS)
    )


def is_criterion(value: TorchObject) -> bool:
    """Whether an object is a criterion; for an unknown class, the name decides."""
    found = find_class(value.name)
    return value.name.endswith("Criterion") if found is None else issubclass(found[0], Criterion)


def get_steps(way: ObjectLink) -> list[PathStep]:
    """Return the steps of a path from the root."""
    found: list[PathStep] = []
    while way is not None:
        way, step = way
        found.append(step)
    return found[::-1]
