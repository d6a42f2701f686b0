"""Conversion of Torch7 objects to modules and criterions."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import (
    get_allowed_elements,
    get_remaining_elements,
    limit_elements,
    reserve_elements,
)
from nntrain.compute.array import Value
from nntrain.errors import CheckpointError, ModuleError, NntrainError
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain.formatting import escape_line
from nntrain.nn.building.builder import build
from nntrain.nn.component import Component
from nntrain.nn.container import Container
from nntrain.nn.module import Module
from nntrain_torch7.derived_memory import DerivedMemory
from nntrain_torch7.format import TorchObject
from nntrain_torch7.format.dtypes import TENSOR_DTYPES
from nntrain_torch7.mappings.conversions import describe_value, to_sequence
from nntrain_torch7.mappings.mapping_lookup import find_class
from nntrain_torch7.module_search import find_modules

# Maximum nesting and number of modules.
MAX_DEPTH, MAX_OBJECTS = 60, 100_000

# Errors that a field of an unexpected type may raise.
BUILD_ERRORS = (ArithmeticError, AttributeError, LookupError, NntrainError, TypeError, ValueError)


class UnknownModule(Container):
    """A placeholder for a class without a counterpart: prints its Torch7 name and the modules inside; cannot be run."""

    def __init__(self, name: str, modules: Sequence[Module] | None = None) -> None:
        super().__init__(modules)
        self.name = name

    def update_output(self, x: Value) -> Value:
        raise ModuleError(f"nntrain has no counterpart for {self.name}: it can be shown, but not run")

    def label(self) -> str:
        return f"{escape_line(self.name)} (unknown)"

    def __str__(self) -> str:
        inside = "".join(f"\n  {line}" for module in self.modules for line in str(module).split("\n"))
        return f"{self.label()} {{{inside}\n}}" if inside else self.label()


class ModuleBuilder:
    """Builds modules and criterions from the objects of one file, each once, so that sharing is kept.

    ``size``: the bytes of the file, which limit the memory (default: no limit). ``partial``: unknown classes become
    an UnknownModule, and are listed in ``notes``.
    """

    def __init__(self, where: str, *, size: int | None = None, partial: bool = False) -> None:
        self.where = where
        self.left = math.inf if size is None else get_allowed_elements(size // 4)
        self.partial = partial
        self.notes: list[str] = []
        self.made: dict[int, Any] = {}
        self.open: list[int] = []
        # The number of modules in each object, counting repeated ones each time.
        self.sizes: dict[int, int] = {}
        self.objects: list[TorchObject] = []
        self.cast = DerivedMemory()
        # For gradients of parameters.
        self.zeros = DerivedMemory(lambda flat, dtype: np.zeros(flat.size, dtype))

    def build(self, value: Any) -> Any:
        """Build the module or criterion of an object. CheckpointError with the path if it cannot be built."""
        # Memory of modules outside of the arrays of the file counts towards the limit of the file.
        with limit_elements(self.left):
            try:
                component = self._build_at(value, "")
            finally:
                self.left = get_remaining_elements()
        if isinstance(component, Module):
            has_type = isinstance(value.fields, dict) and "_type" in value.fields
            dtypes = set() if has_type else {array.dtype.name for array in component.parameters()[0]}
            component.type(dtypes.pop() if len(dtypes) == 1 else component._type)
        return component

    def _build_at(self, value: Any, place: str) -> Any:
        """Return the component of the object at a path, built at its first occurrence."""
        if not isinstance(value, TorchObject):
            raise self._create_error(place, f"expected a module, got {describe_value(value)}")
        if id(value) in self.open:
            raise self._create_error(place, f"{value.name} contains itself")
        if id(value) not in self.made:
            if len(self.open) >= MAX_DEPTH:
                raise self._create_error(place, f"modules are nested more than {MAX_DEPTH} deep")
            self.sizes[id(value)] = 1
            self.open.append(id(value))
            self.made[id(value)] = self._build_new(value, place)
            self.open.pop()
            # Kept alive, so that ids stay unique.
            self.objects.append(value)
        if self.open:
            self.sizes[self.open[-1]] += self.sizes[id(value)]
            if self.sizes[self.open[-1]] > MAX_OBJECTS:
                raise self._create_error(place, f"more than {MAX_OBJECTS:,} modules, counting repeated ones each time")
        return self.made[id(value)]

    def _build_new(self, value: TorchObject, place: str) -> Any:
        """Build a new component. CheckpointError with the path."""
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
        """Build the component of fields."""
        arguments = mapping.derived(fields)
        for argument in mapping.arguments:
            if fields.get(argument.torch) is not None:
                found = argument.read(fields[argument.torch], go)
                if found is not None:
                    arguments[argument.ours] = found
        with limit_elements(get_allowed_elements(count_elements(fields))):
            component = build({"type": cls.__name__, **arguments}, allow_inplace=True)
        dtype = TENSOR_DTYPES.get(str(fields.get("_type")))
        # Cuda's and half-precision types are float32.
        component._type = "float64" if dtype is None or dtype == np.float64 else "float32"
        self._load_arrays(component, mapping, fields if mapping.places is None else mapping.places(fields))
        if isinstance(component, Module):
            component.train = fields.get("train") is not False
        mapping.finished(component, fields, go)
        return component

    def _load_arrays(self, component: Component, mapping: Torch7Mapping, fields: TorchFields) -> None:
        """Set parameters, gradients and buffers from the tensors of the fields."""
        parameters = getattr(component, "parameter_names", ())
        for ours, torch in sorted(mapping.arrays.items(), key=lambda names: names[0].startswith("grad_")):
            own: Any = getattr(component, ours, None)
            tensor: Any = fields.get(torch)
            if own is not None:
                fits = isinstance(tensor, np.ndarray) and tensor.size == own.size
                if fits:
                    is_float = tensor.dtype in (np.float32, np.float64)
                    array = self._reshape(tensor if is_float else self.cast(tensor, component.type()), own.shape)
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
        """Reshape a tensor, as a view if possible."""
        shaped = tensor.reshape(shape)
        if not np.may_share_memory(shaped, tensor):
            reserve_elements(*shape)
        return shaped

    def _build_unknown(self, value: TorchObject, place: str) -> Any:
        """Build the placeholder of an unknown class. CheckpointError unless ``partial``."""
        problem = f"nntrain has no counterpart for {value.name}"
        if not self.partial:
            raise self._create_error(place, f"{problem}; install a plugin with this layer, or show the rest: --partial")
        self.notes.append(f"{place or 'network'}: {problem}")
        fields = value.fields if isinstance(value.fields, dict) else {}
        listed = fields.get("modules")
        inside = to_sequence(listed) if isinstance(listed, dict) else [item for _, item in find_modules(fields)]
        modules = [self._build_at(item, f"{place}.{n}".lstrip(".")) for n, item in enumerate(inside)]
        return UnknownModule(value.name, [module for module in modules if isinstance(module, Module)])

    def _create_error(self, place: str, message: str) -> CheckpointError:
        where = f"module {place}: " if place else ""
        return CheckpointError(f"{self.where}: {where}{message}")


def count_elements(fields: Any) -> int:
    """Count the elements of the tensors in an object and the objects inside it."""
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
