"""Modules and criterions of ours made into objects of Torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.errors import CheckpointError
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.specs.configurable import get_signature
from nntrain_torch7.format import TorchObject
from nntrain_torch7.mappings.arguments import get_tensor_name
from nntrain_torch7.mappings.mapping_lookup import find_mapping
from nntrain_torch7.storage_caster import StorageCaster

__all__ = ["ObjectBuilder"]


class ObjectBuilder:
    """Makes the objects of one file, each component once."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.made: dict[int, TorchObject] = {}
        self.kept: list[Any] = []
        self.cast = StorageCaster()

    def build(self, component: Any, place: str = "") -> TorchObject:
        """The object of a module or criterion. CheckpointError, with the place in it, where Torch has no such class."""
        if id(component) not in self.made:
            self.kept.append(component)
            self._build_object(component, place)
        return self.made[id(component)]

    def _build_object(self, component: Any, place: str) -> None:
        mapping = find_mapping(type(component))
        if mapping is None:
            where = f"module {place}: " if place else ""
            raise CheckpointError(
                f"{self.where}: {where}Torch7 has no {type(component).__name__}: leave it out, or put others in its "
                "place; a plugin can map it by the hook nntrain_torch7_mappings"
            )
        if mapping.instead is not None:
            self.made[id(component)] = self.build(self._build_substitute(mapping.instead, component), place)
            return
        fields: dict[Any, Any] = {"_type": get_tensor_name(component._type)}
        made = TorchObject(mapping.torch_class, mapping.version, fields, mapping.head(component))
        self.made[id(component)] = made
        count = iter(range(10**9))

        def go(inner: Any) -> TorchObject:
            known = inner is not component and id(inner) in self.made
            return self.build(inner, "" if known else f"{place}.{next(count)}".lstrip("."))

        out, into = mapping.tables
        fields["output"] = 0.0 if isinstance(component, Criterion) else ({} if out else create_empty(component))
        fields["gradInput"] = {} if into else create_empty(component)
        if isinstance(component, Module):
            fields["train"] = component.train
        for argument in mapping.arguments:
            told = argument.write(get_argument(component, argument.ours), go)
            if told is not None:
                fields[argument.torch] = told
        for ours, torch in mapping.arrays.items():
            if getattr(component, ours, None) is not None and mapping.places is None:
                fields[torch] = getattr(component, ours)
        fields.update(mapping.extra(component, go))
        if not mapping.keeps_types(component):
            self._cast_fields(fields, np.dtype(component._type))

    def _build_substitute(self, make: Callable[[Any], Any], component: Any) -> Any:
        """What is written in the place of a component, in its type and mode."""
        other = make(component)
        if other.type() != component.type():
            other.type(component.type())
        if isinstance(component, Module):
            other.training() if component.train else other.evaluate()
        self.kept.append(other)
        return other

    def _cast_fields(self, fields: dict[Any, Any], dtype: np.dtype[Any]) -> None:
        """Make every tensor of floats one of a component's type, as ``:type()`` does in Torch: also buffers, constants.

        Tensors of integers are indices, and stay. Components inside have been cast to their own types.
        """
        for key, value in fields.items():
            if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.dtype != dtype:
                fields[key] = self.cast(value, dtype)
            elif isinstance(value, dict):
                self._cast_fields(value, dtype)


def create_empty(component: Any) -> Any:
    """An empty tensor of a component's type."""
    return np.empty(0, component._type)


def get_argument(component: Any, name: str) -> Any:
    """An argument as it was given; else its default, or what the constructor made of that."""
    given = component.get_arguments()
    if given.get(name) is not None:
        return given[name]
    default = get_signature(type(component)).parameters[name].default
    if default is None or default is get_signature(type(component)).empty:
        return getattr(component, name, None)
    return default
