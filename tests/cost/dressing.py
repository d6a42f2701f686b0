"""Replacement of all arrays of a run by counted ones."""

from __future__ import annotations

import functools
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from tests.cost.counted import CountedArray, CountedGenerator

__all__ = ["dress"]


def dress(value: Any) -> list[str]:
    """Replace every array and random stream inside an object of the project by a counted one.

    Returns the places of those that were not.
    """
    return Dressing().of(value)


class Dressing:
    """One traversal of an object: attributes, containers, closures, and arguments of partials."""

    def __init__(self) -> None:
        self.places: list[str] = []
        # By id, with the old object, which is kept alive so that its id stays unique.
        self.seen: dict[int, tuple[Any, Any]] = {}

    def of(self, value: Any) -> list[str]:
        self.swapped(value, type(value).__name__)
        return self.places

    def swapped(self, value: Any, place: str) -> Any:
        """Return the replacement of a value."""
        if id(value) not in self.seen:
            # An object inside itself is not replaced.
            self.seen[id(value)] = value, value
            self.seen[id(value)] = value, self.new(value, place)
        return self.seen[id(value)][1]

    def new(self, value: Any, place: str) -> Any:
        if type(value) is np.ndarray or type(value) is np.random.Generator:
            self.places.append(place)
            is_array = isinstance(value, np.ndarray)
            return value.view(CountedArray) if is_array else CountedGenerator(value.bit_generator)
        if isinstance(value, tuple):
            items = self.items(enumerate(value), place).values()
            return type(value)._make(items) if hasattr(value, "_make") else tuple(items)
        self.enter(value, place)
        return value

    def items(self, items: Any, place: str) -> dict[Any, Any]:
        return {key: self.swapped(item, f"{place}[{key!r:.30}]") for key, item in items}

    def enter(self, value: Any, place: str) -> None:
        """Replace the arrays inside a value."""
        if isinstance(value, dict):
            value.update(self.items(value.items(), place))
        elif isinstance(value, list):
            value[:] = self.items(enumerate(value), place).values()
        elif isinstance(value, MethodType):
            self.swapped(value.__self__, place)
        elif isinstance(value, functools.partial):
            function, args, keywords, attributes = value.__reduce__()[2]
            value.__setstate__((function, self.swapped(args, place), self.swapped(keywords, place), attributes))
        elif isinstance(value, FunctionType):
            for cell in value.__closure__ or ():
                cell.cell_contents = self.swapped(cell.cell_contents, f"{place}()")
        elif type(value).__module__.startswith("nntrain") and not isinstance(value, type):
            for name in [*getattr(value, "__dict__", ()), *getattr(type(value), "__slots__", ())]:
                # Some are frozen.
                object.__setattr__(value, name, self.swapped(getattr(value, name), f"{place}.{name}"))
