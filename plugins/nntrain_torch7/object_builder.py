"""Conversion of modules and criterions to Torch7 objects."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.errors import CheckpointError
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.specs.configurable import get_signature
from nntrain_torch7.derived_memory import DerivedMemory
from nntrain_torch7.format import TorchObject
from nntrain_torch7.mappings.conversions import get_tensor_name
from nntrain_torch7.mappings.mapping_lookup import find_mapping


class ObjectBuilder:
    """Builds the objects of one file, each component once."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.made: dict[int, TorchObject] = {}
        self.kept: list[Any] = []
        self.cast = DerivedMemory()

    def build(self, component: Any, place: str = "") -> TorchObject:
        """Build the object of a module or criterion. CheckpointError with the path if Torch7 has no such class."""
        if id(component) not in self.made:
            self.kept.append(component)
            self._build_object(component, place)
        return self.made[id(component)]

    def _build_object(self, component: Any, place: str) -> None:
        mapping = find_mapping(type(component))
        if mapping is None:
            where = f"module {place}: " if place else ""
            raise CheckpointError(
                f"{self.where}: {where}Torch7 has no {type(component).__name__}; write an .onnx file, replace it, "
                "or map it in a plugin with the hook nntrain_torch7_mappings"
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
        fields["output"] = 0.0 if isinstance(component, Criterion) else {} if out else np.empty(0, component._type)
        fields["gradInput"] = {} if into else np.empty(0, component._type)
        if isinstance(component, Module):
            fields["train"] = component.train
        for argument in mapping.arguments:
            value = argument.write(get_argument(component, argument.ours), go)
            if value is not None:
                fields[argument.torch] = value
        for ours, torch in mapping.arrays.items():
            if getattr(component, ours, None) is not None and mapping.places is None:
                fields[torch] = getattr(component, ours)
        fields.update(mapping.extra(component, go))
        if not mapping.keeps_types(component):
            self._cast_fields(fields, np.dtype(component._type))

    def _build_substitute(self, make: Callable[[Any], Any], component: Any) -> Any:
        """Build the substitute that is written for a component, in its type and mode."""
        other = make(component)
        if other.type() != component.type():
            other.type(component.type())
        if isinstance(component, Module):
            other.training() if component.train else other.evaluate()
        self.kept.append(other)
        return other

    def _cast_fields(self, fields: dict[Any, Any], dtype: np.dtype[Any]) -> None:
        """Cast floating-point tensors to a component's type, including buffers and constants, as ``:type()`` in Torch.

        Tensors of integers are indices and are kept. Inner components are already cast to their own types.
        """
        for key, value in fields.items():
            if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.dtype != dtype:
                fields[key] = self.cast(value, dtype)
            elif isinstance(value, dict):
                self._cast_fields(value, dtype)


def get_argument(component: Any, name: str) -> Any:
    """Return an argument as given; else its default, or the constructor's value for a default of None."""
    given = component.get_arguments()
    if given.get(name) is not None:
        return given[name]
    default = get_signature(type(component)).parameters[name].default
    if default is None or default is get_signature(type(component)).empty:
        return getattr(component, name, None)
    return default
