"""Objects of Torch made into modules and criterions of ours."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import (
    get_allowed_elements,
    get_remaining_elements,
    limit_elements,
    reserve_elements,
)
from nntrain.errors import CheckpointError, NntrainError
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain.nn.building.builder import build
from nntrain.nn.component import Component
from nntrain.nn.module import Module
from nntrain_torch7.format import TorchObject
from nntrain_torch7.format.dtypes import TENSOR_DTYPES
from nntrain_torch7.mappings.arguments import describe_value, to_sequence
from nntrain_torch7.mappings.mapping_lookup import find_class
from nntrain_torch7.module_search import find_modules
from nntrain_torch7.storage_caster import StorageCaster
from nntrain_torch7.unknown_module import UnknownModule
from nntrain_torch7.zero_gradients import ZeroGradients

__all__ = ["ModuleBuilder"]

# How deep modules may lie in each other, and how many there may be.
MAX_DEPTH, MAX_OBJECTS = 60, 100_000

# What reading a field may raise if it is not what the class has.
BUILD_ERRORS = (ArithmeticError, AttributeError, LookupError, NntrainError, TypeError, ValueError)


class ModuleBuilder:
    """Makes modules and criterions of the objects of one file, each once: what was shared there is shared here.

    ``size``: the bytes of the file, by which memory is granted; any if omitted. ``partial``: what is not known becomes
    an Unknown, and is told in ``notes``.
    """

    def __init__(self, where: str, *, size: int | None = None, partial: bool = False) -> None:
        self.where = where
        self.left = math.inf if size is None else get_allowed_elements(size // 4)
        self.partial = partial
        self.notes: list[str] = []
        self.made: dict[int, Any] = {}
        self.open: list[int] = []
        # The modules of each object, those that stand in several places counted in each.
        self.sizes: dict[int, int] = {}
        self.objects: list[TorchObject] = []
        self.cast = StorageCaster()
        self.zeros = ZeroGradients()

    def build(self, value: Any) -> Any:
        """The module or criterion of an object. CheckpointError, with the place in it, if that cannot be."""
        # Whatever a module keeps that is no memory of the file is charged to the file.
        with limit_elements(self.left):
            try:
                made = self._build_at(value, "")
            finally:
                self.left = get_remaining_elements()
        if isinstance(made, Module):
            said = isinstance(value.fields, dict) and "_type" in value.fields
            kinds = set() if said else {array.dtype.name for array in made.parameters()[0]}
            made.type(kinds.pop() if len(kinds) == 1 else made._type)
        return made

    def _build_at(self, value: Any, place: str) -> Any:
        """``component``, of the object at a place."""
        if not isinstance(value, TorchObject):
            raise self._create_error(place, f"expected a module, got {describe_value(value)}")
        if id(value) in self.open:
            raise self._create_error(place, f"{value.name} lies inside itself")
        if id(value) not in self.made:
            if len(self.open) >= MAX_DEPTH:
                raise self._create_error(place, f"modules lie more than {MAX_DEPTH} deep in each other")
            self.sizes[id(value)] = 1
            self.open.append(id(value))
            self.made[id(value)] = self._build_new(value, place)
            self.open.pop()
            # Kept: an id is that of another object when the first is gone.
            self.objects.append(value)
        if self.open:
            self.sizes[self.open[-1]] += self.sizes[id(value)]
            if self.sizes[self.open[-1]] > MAX_OBJECTS:
                raise self._create_error(
                    place, f"more than {MAX_OBJECTS:,} modules, those in several places counted in each"
                )
        return self.made[id(value)]

    def _build_new(self, value: TorchObject, place: str) -> Any:
        """A new component. CheckpointError with the place."""
        found = find_class(value.name)
        if found is None:
            return self._build_unknown(value, place)
        cls, mapping = found
        number = iter(range(MAX_OBJECTS))
        try:
            if not isinstance(value.fields, dict):
                raise ValueError(f"expected a table of fields, got {describe_value(value.fields)}")
            fields = mapping.updated(value.fields, value.version)
            return self._build_component(
                cls, mapping, fields, lambda inner: self._build_at(inner, f"{place}.{next(number)}".lstrip("."))
            )
        except CheckpointError:
            raise
        except BUILD_ERRORS as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            if isinstance(error, KeyError):
                reason = f"the field {error} is missing"
            raise self._create_error(place, f"{value.name}: {reason}") from error

    def _build_component(
        self, cls: type[Any], mapping: Torch7Mapping, fields: TorchFields, go: Callable[[Any], Any]
    ) -> Any:
        """The component of fields."""
        arguments = mapping.derived(fields)
        for argument in mapping.arguments:
            if fields.get(argument.torch) is not None:
                found = argument.read(fields[argument.torch], go)
                if found is not None:
                    arguments[argument.ours] = found
        with limit_elements(get_allowed_elements(count_elements(fields))):
            component = build({"type": cls.__name__, **arguments}, allow_inplace=True)
        component._type = self._get_dtype(fields)
        self._load_arrays(component, mapping, fields if mapping.places is None else mapping.places(fields))
        if isinstance(component, Module):
            component.train = fields.get("train") is not False
        mapping.finished(component, fields, go)
        return component

    def _get_dtype(self, fields: TorchFields) -> str:
        """The type of a component's numbers: single precision for those of Cuda and half ones."""
        dtype = TENSOR_DTYPES.get(str(fields.get("_type")))
        return "float64" if dtype is None or dtype == np.float64 else "float32"

    def _load_arrays(self, component: Component, mapping: Torch7Mapping, fields: TorchFields) -> None:
        """Put the tensors of the fields in the places of parameters, gradients and buffers."""
        parameters = getattr(component, "parameter_names", ())
        for ours, torch in sorted(mapping.arrays.items(), key=lambda names: names[0].startswith("grad_")):
            own, tensor = getattr(component, ours, None), fields.get(torch)
            if own is not None:
                fits = isinstance(tensor, np.ndarray) and tensor.size == own.size
                if fits:
                    array = self._reshape(self._to_float(tensor, component.type()), own.shape)
                elif ours.startswith("grad_"):
                    array = self.zeros(getattr(component, ours.removeprefix("grad_")), component.type())
                elif tensor is None and ours not in parameters:
                    reserve_elements(own.size)
                    array = own.astype(component.type())
                else:
                    raise ValueError(
                        f"expected a tensor of shape {own.shape} in the field {torch!r}, got {describe_value(tensor)}"
                    )
                setattr(component, ours, array)

    def _reshape(self, tensor: Any, shape: tuple[int, ...]) -> Any:
        """A tensor in the shape that it has here, a view where that can be."""
        shaped = tensor.reshape(shape)
        if not np.may_share_memory(shaped, tensor):
            reserve_elements(*shape)
        return shaped

    def _to_float(self, tensor: Any, kind: str) -> Any:
        """A tensor of floats as it is; of others, its storage is converted."""
        if tensor.dtype in (np.float32, np.float64):
            return tensor
        return self.cast(tensor, kind)

    def _build_unknown(self, value: TorchObject, place: str) -> Any:
        """What stands for a class that there is no counterpart for. CheckpointError unless that is asked for."""
        what = f"nntrain has no counterpart for {value.name}"
        if not self.partial:
            raise self._create_error(place, f"{what}: a plugin with such a layer, or --partial to show the rest")
        self.notes.append(f"{place or 'the whole'}: {what}")
        fields = value.fields if isinstance(value.fields, dict) else {}
        listed = fields.get("modules")
        inside = to_sequence(listed) if isinstance(listed, dict) else [item for _, item in find_modules(fields)]
        modules = [self._build_at(item, f"{place}.{n}".lstrip(".")) for n, item in enumerate(inside)]
        return UnknownModule(value.name, [module for module in modules if isinstance(module, Module)])

    def _create_error(self, place: str, what: str) -> CheckpointError:
        where = f"module {place}: " if place else ""
        return CheckpointError(f"{self.where}: {where}{what}")


def count_elements(fields: Any) -> int:
    """The numbers in the tensors of an object, and of the objects inside it that are no modules of their own."""
    total, waiting, depth = 0, [fields], 0
    while waiting and depth < MAX_OBJECTS:
        depth += 1
        value = waiting.pop()
        if isinstance(value, np.ndarray):
            total += min(value.size, value.base.size if value.base is not None else value.size)
        elif isinstance(value, TorchObject):
            waiting.append(value.fields)
        elif isinstance(value, dict):
            waiting.extend(value.values())
    return total
