"""Counted arrays in the place of all arrays of a run."""

from __future__ import annotations

import functools
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from tests.cost.counted import CountedArray, CountedGenerator

__all__ = ["dress"]


def dress(value: Any) -> list[str]:
    """Make every array and stream of random numbers below an object of the project a counted one, where it stands.

    Returns the places of those that were not.
    """
    return Dressing().of(value)


class Dressing:
    """One walk over what an object holds: attributes, tables, closures, and arguments that wait for a call."""

    def __init__(self) -> None:
        self.places: list[str] = []
        # By identity, each beside the old one, whose identity stays its own so long.
        self.seen: dict[int, tuple[Any, Any]] = {}

    def of(self, value: Any) -> list[str]:
        self.swapped(value, type(value).__name__)
        return self.places

    def swapped(self, value: Any, place: str) -> Any:
        """What stands in the place of a value from now on."""
        if id(value) not in self.seen:
            # What is met again inside of itself is still itself.
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
        """Dress what a value holds."""
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
