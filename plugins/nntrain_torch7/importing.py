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
from nntrain_torch7.cast import Cast
from nntrain_torch7.classes.argument import as_list, spoken
from nntrain_torch7.classes.known import known
from nntrain_torch7.format import TorchObject
from nntrain_torch7.format.element_types import TENSORS
from nntrain_torch7.networks import found_in
from nntrain_torch7.unknown import Unknown
from nntrain_torch7.zero_gradients import ZeroGradients

__all__ = ["Import"]

# How deep modules may lie in each other, and how many there may be.
DEEPEST, MOST = 60, 100_000

# What reading a field may raise if it is not what the class has.
FAULTS = (ArithmeticError, AttributeError, LookupError, NntrainError, TypeError, ValueError)


class Import:
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
        self.cast = Cast()
        self.zeros = ZeroGradients()

    def component(self, value: Any) -> Any:
        """The module or criterion of an object. CheckpointError, with the place in it, if that cannot be."""
        # Whatever a module keeps that is no memory of the file is charged to the file.
        with limit_elements(self.left):
            try:
                made = self._component(value, "")
            finally:
                self.left = get_remaining_elements()
        if isinstance(made, Module):
            said = isinstance(value.fields, dict) and "_type" in value.fields
            kinds = set() if said else {array.dtype.name for array in made.parameters()[0]}
            made.type(kinds.pop() if len(kinds) == 1 else made._type)
        return made

    def _component(self, value: Any, place: str) -> Any:
        """``component``, of the object at a place."""
        if not isinstance(value, TorchObject):
            raise self._error(place, f"expected a module, got {spoken(value)}")
        if id(value) in self.open:
            raise self._error(place, f"{value.name} lies inside itself")
        if id(value) not in self.made:
            if len(self.open) >= DEEPEST:
                raise self._error(place, f"modules lie more than {DEEPEST} deep in each other")
            self.sizes[id(value)] = 1
            self.open.append(id(value))
            self.made[id(value)] = self._making(value, place)
            self.open.pop()
            # Kept: an id is that of another object when the first is gone.
            self.objects.append(value)
        if self.open:
            self.sizes[self.open[-1]] += self.sizes[id(value)]
            if self.sizes[self.open[-1]] > MOST:
                raise self._error(place, f"more than {MOST:,} modules, those in several places counted in each")
        return self.made[id(value)]

    def _making(self, value: TorchObject, place: str) -> Any:
        """A new component. CheckpointError with the place."""
        found = known(value.name)
        if found is None:
            return self._unknown(value, place)
        cls, mapping = found
        number = iter(range(MOST))
        try:
            if not isinstance(value.fields, dict):
                raise ValueError(f"expected a table of fields, got {spoken(value.fields)}")
            fields = mapping.updated(value.fields, value.version)
            return self._made(
                cls, mapping, fields, lambda inner: self._component(inner, f"{place}.{next(number)}".lstrip("."))
            )
        except CheckpointError:
            raise
        except FAULTS as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            if isinstance(error, KeyError):
                reason = f"the field {error} is missing"
            raise self._error(place, f"{value.name}: {reason}") from error

    def _made(self, cls: type[Any], mapping: Torch7Mapping, fields: TorchFields, go: Callable[[Any], Any]) -> Any:
        """The component of fields."""
        arguments = mapping.derived(fields)
        for argument in mapping.arguments:
            if fields.get(argument.torch) is not None:
                found = argument.read(fields[argument.torch], go)
                if found is not None:
                    arguments[argument.ours] = found
        with limit_elements(get_allowed_elements(room(fields))):
            component = build({"type": cls.__name__, **arguments}, allow_inplace=True)
        component._type = self._type(fields)
        self._put(component, mapping, fields if mapping.places is None else mapping.places(fields))
        if isinstance(component, Module):
            component.train = fields.get("train") is not False
        mapping.finished(component, fields, go)
        return component

    def _type(self, fields: TorchFields) -> str:
        """The type of a component's numbers: single precision for those of Cuda and half ones."""
        dtype = TENSORS.get(str(fields.get("_type")))
        return "float64" if dtype is None or dtype == np.float64 else "float32"

    def _put(self, component: Component, mapping: Torch7Mapping, fields: TorchFields) -> None:
        """Put the tensors of the fields in the places of parameters, gradients and buffers."""
        parameters = getattr(component, "parameter_names", ())
        for ours, torch in sorted(mapping.arrays.items(), key=lambda names: names[0].startswith("grad_")):
            own, tensor = getattr(component, ours, None), fields.get(torch)
            if own is not None:
                fits = isinstance(tensor, np.ndarray) and tensor.size == own.size
                if fits:
                    array = self._shaped(self._floating(tensor, component.type()), own.shape)
                elif ours.startswith("grad_"):
                    array = self.zeros(getattr(component, ours.removeprefix("grad_")), component.type())
                elif tensor is None and ours not in parameters:
                    reserve_elements(own.size)
                    array = own.astype(component.type())
                else:
                    raise ValueError(
                        f"expected a tensor of shape {own.shape} in the field {torch!r}, got {spoken(tensor)}"
                    )
                setattr(component, ours, array)

    def _shaped(self, tensor: Any, shape: tuple[int, ...]) -> Any:
        """A tensor in the shape that it has here, a view where that can be."""
        shaped = tensor.reshape(shape)
        if not np.may_share_memory(shaped, tensor):
            reserve_elements(*shape)
        return shaped

    def _floating(self, tensor: Any, kind: str) -> Any:
        """A tensor of floats as it is; of others, its storage is converted."""
        if tensor.dtype in (np.float32, np.float64):
            return tensor
        return self.cast(tensor, kind)

    def _unknown(self, value: TorchObject, place: str) -> Any:
        """What stands for a class that there is no counterpart for. CheckpointError unless that is asked for."""
        what = f"nntrain has no counterpart for {value.name}"
        if not self.partial:
            raise self._error(place, f"{what}: a plugin with such a layer, or --partial to show the rest")
        self.notes.append(f"{place or 'the whole'}: {what}")
        fields = value.fields if isinstance(value.fields, dict) else {}
        listed = fields.get("modules")
        inside = as_list(listed) if isinstance(listed, dict) else [item for _, item in found_in(fields)]
        modules = [self._component(item, f"{place}.{n}".lstrip(".")) for n, item in enumerate(inside)]
        return Unknown(value.name, [module for module in modules if isinstance(module, Module)])

    def _error(self, place: str, what: str) -> CheckpointError:
        where = f"module {place}: " if place else ""
        return CheckpointError(f"{self.where}: {where}{what}")


def room(fields: Any) -> int:
    """The numbers in the tensors of an object, and of the objects inside it that are no modules of their own."""
    total, waiting, depth = 0, [fields], 0
    while waiting and depth < MOST:
        depth += 1
        value = waiting.pop()
        if isinstance(value, np.ndarray):
            total += min(value.size, value.base.size if value.base is not None else value.size)
        elif isinstance(value, TorchObject):
            waiting.append(value.fields)
        elif isinstance(value, dict):
            waiting.extend(value.values())
    return total
