"""Modules and criterions of ours made into objects of Torch."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.errors import CheckpointError
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.recorded import signature
from nntrain_torch7.cast import Cast
from nntrain_torch7.classes.argument import tensor_name
from nntrain_torch7.classes.descriptions import DESCRIPTIONS
from nntrain_torch7.format import TorchObject

__all__ = ["Export"]


class Export:
    """Makes the objects of one file, each component once."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.made: dict[int, TorchObject] = {}
        self.kept: list[Any] = []
        self.cast = Cast()

    def object(self, component: Any, place: str = "") -> TorchObject:
        """The object of a module or criterion. CheckpointError, with the place in it, where Torch has no such class."""
        if id(component) not in self.made:
            self.kept.append(component)
            self._make(component, place)
        return self.made[id(component)]

    def _make(self, component: Any, place: str) -> None:
        name = type(component).__name__
        description = DESCRIPTIONS.get(name)
        if description is None:
            where = f"module {place}: " if place else ""
            raise CheckpointError(
                f"{self.where}: {where}Torch7 has no {name}: leave it out, or put others in its place"
            )
        fields: dict[Any, Any] = {"_type": tensor_name(component._type)}
        made = TorchObject(f"nn.{name}", description.version, fields, description.head(component))
        self.made[id(component)] = made
        count = iter(range(10**9))

        def go(inner: Any) -> TorchObject:
            known = inner is not component and id(inner) in self.made
            return self.object(inner, "" if known else f"{place}.{next(count)}".lstrip("."))

        out, into = description.tables
        fields["output"] = 0.0 if isinstance(component, Criterion) else ({} if out else empty(component))
        fields["gradInput"] = {} if into else empty(component)
        if isinstance(component, Module):
            fields["train"] = component.train
        for argument in description.arguments:
            told = argument.write(value_of(component, argument.ours), go)
            if told is not None:
                fields[argument.torch] = told
        if name == "MapTable":
            fields["modules"] = {place: go(item) for place, item in enumerate(component.modules, 1)}
        for ours, torch in description.arrays.items():
            if getattr(component, ours, None) is not None and description.places is None:
                fields[torch] = getattr(component, ours)
        fields.update(description.extra(component, go))
        if not description.keeps_types(component):
            self._cast(fields, np.dtype(component._type))

    def _cast(self, fields: dict[Any, Any], dtype: np.dtype[Any]) -> None:
        """Make every tensor of floats one of a component's type, as ``:type()`` does in Torch: also buffers, constants.

        Tensors of integers are indices, and stay. Components inside have been cast to their own types.
        """
        for key, value in fields.items():
            if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.dtype != dtype:
                fields[key] = self.cast(value, dtype)
            elif isinstance(value, dict):
                self._cast(value, dtype)


def empty(component: Any) -> Any:
    """An empty tensor of a component's type."""
    return np.empty(0, component._type)


def value_of(component: Any, name: str) -> Any:
    """An argument as it was given; else its default, or what the constructor made of that."""
    given = component.arguments()
    if given.get(name) is not None:
        return given[name]
    default = signature(type(component)).parameters[name].default
    if default is None or default is signature(type(component)).empty:
        return getattr(component, name, None)
    return default
