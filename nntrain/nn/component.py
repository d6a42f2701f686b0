"""The base of modules and criterions: buffers, element types, copies and errors."""

import copy
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar, Self, TypeVar

import numpy as np

from nntrain.compute.array import EMPTY, Array, IntArray, Shape, Value, is_array, parse_dtype
from nntrain.compute.buffers import Buffers
from nntrain.compute.storage_location import StorageLocation, get_storage_location, view_storage
from nntrain.errors import ArgumentError, ModuleError, ShapeError
from nntrain.nn.backward_checks import check_input_size
from nntrain.nn.building.component_spec import build_spec
from nntrain.nn.table import format_shapes
from nntrain.specs.configurable import Configurable

AnyModuleError = TypeVar("AnyModuleError", bound=ModuleError)

# Converted objects by the id of the original, which is kept alive so that its id stays unique.
TensorCache = dict[tuple[str, int], tuple[Any, Any]]


class Component(Buffers, Configurable):
    """The base of Module and Criterion. ``__new__`` sets its state, so constructors need not call ``super()``."""

    output: Value
    grad_input: Value
    _prefix = "nn."
    _numbers: IntArray = np.arange(0)
    # Whether backward reads the output, and whether the output may share the input's memory: see ``inplace_checks``.
    needs_output: ClassVar[bool] = False
    passes_memory: ClassVar[bool] = False
    # The input of the last forward pass, which ``backward`` must receive again; None or CLEARED without one.
    _fed: Value

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        self = super().__new__(cls, *args, **kwargs)
        self.output = EMPTY
        self.grad_input = EMPTY
        self._type = "float32"
        self._fed = None
        return self

    def output_of(self, shape: Shape, like: Array) -> Array:
        """Return the buffer of the output."""
        self._fed = None
        self.output = y = self.buffer("output", shape, like)
        return y

    def grad_input_of(self, x: Array) -> Array:
        """Return the buffer of the gradient of the input, in the shape of ``x``."""
        if self._fed is not x:
            check_input_size(self, x)
        self.grad_input = dx = self.buffer("grad_input", x.shape, x)
        return dx

    def grad_inputs_of(self, x: Sequence[Value]) -> list[Any]:
        """Return the buffers of the gradients of a (nested) list of arrays, in its structure."""
        self.grad_input = self.buffers_like("grad_input", x)
        return self.grad_input

    def zero_grad_input_of(self, x: Array) -> Array:
        """Return the buffer of the gradient of the input, filled with zeros."""
        dx = self.grad_input_of(x)
        dx[...] = 0
        return dx

    def buffers_like(self, name: str, value: Value) -> Value:
        """Return buffers in the structure of a (nested) list of arrays."""
        if isinstance(value, list | tuple):
            return [self.buffers_like(f"{name}[{index}]", item) for index, item in enumerate(value)]
        return self.buffer(name, value.shape, value)

    def arange(self, n: int) -> IntArray:
        """Return 0, 1, ... n − 1, cached between calls."""
        if len(self._numbers) < n:
            self._numbers = np.arange(n)
        return self._numbers[:n]

    def spec(self) -> dict[str, Any]:
        """Return the component as JSON values for ``nn.build``, without its parameters."""
        return build_spec(self)

    # Types and copies.

    def type(self, name: Any = None, tensor_cache: TensorCache | None = None) -> Any:
        """Return the element type; with ``name``, convert every floating-point array inside and return self.

        Complete storages are converted and views are recreated, so sharing is preserved; pass one ``tensor_cache``
        to several networks to keep them tied. Integer arrays (indices, masks) are not converted.
        """
        if name is None:
            return self._type
        dtype = parse_dtype(name)
        cache: TensorCache = {} if tensor_cache is None else tensor_cache
        visiting = ("visiting", id(self))
        if visiting in cache:
            return self
        cache[visiting] = (self, None)
        for attribute, value in iterate_attributes(self):
            convert = partial(convert_array, dtype=dtype, cache=cache)
            setattr(self, attribute, replace_arrays(value, convert, lambda inner: inner.type(dtype, cache)))
        del cache[visiting]
        self._type = dtype.name
        return self

    def float(self, tensor_cache: TensorCache | None = None) -> Self:
        """Convert to float32."""
        self.type(np.float32, tensor_cache)
        return self

    def double(self, tensor_cache: TensorCache | None = None) -> Self:
        """Convert to float64."""
        self.type(np.float64, tensor_cache)
        return self

    def clone(self) -> Self:
        """Return a deep copy. Modules and arrays shared inside are shared inside the copy."""
        return copy.deepcopy(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copy_arrays(self, memo)
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        vars(twin).update({name: copy.deepcopy(value, memo) for name, value in vars(self).items() if name != "_fed"})
        return twin

    def clear_shared_state(self) -> None:
        """Reset, in a tied copy, the state that two uses of a module must not share."""

    # Errors.

    def __str__(self) -> str:
        return f"nn.{self.label()}"

    def shape_error(self, expected: str, x: Value) -> ShapeError:
        """Build the error for an input that is not ``expected``, such as "an input of shape (N, 4)"."""
        return self.add_location(ShapeError(f"expected {expected}, got {format_shapes(x)}"))

    def argument_error(self, message: str) -> ArgumentError:
        """Build the error for a constructor argument out of range."""
        return ArgumentError(f"{type(self).__name__}: {message}")

    def require_sizes(self, *sizes: int) -> None:
        """Raise ArgumentError unless all sizes are at least 1."""
        if min(sizes) < 1:
            raise self.argument_error(f"expected sizes of at least 1, got {' and '.join(map(str, sizes))}")

    def add_location(self, error: AnyModuleError) -> AnyModuleError:
        """Add this component to the path of an error and return it."""
        error.path.append(self.label())
        return error


def iterate_attributes(component: Component) -> Iterator[tuple[str, Any]]:
    """Iterate over the attributes that may contain own arrays: all but the recorded call and the last input."""
    return ((name, value) for name, value in list(vars(component).items()) if name not in ("_call", "_fed"))


def replace_arrays(value: Any, convert: Callable[[Array], Array], visit: Callable[[Component], object]) -> Any:
    """Replace every array inside lists, tuples and dicts; call ``visit`` with each component."""
    if is_array(value):
        return convert(value)
    if isinstance(value, Component):
        visit(value)
    elif isinstance(value, list):
        value[:] = [replace_arrays(item, convert, visit) for item in value]
    elif isinstance(value, tuple) and type(value) is tuple:
        return tuple(replace_arrays(item, convert, visit) for item in value)
    elif isinstance(value, dict):
        value.update({key: replace_arrays(item, convert, visit) for key, item in value.items()})
    return value


def convert_array(array: Array, dtype: np.dtype[Any], cache: TensorCache) -> Array:
    """Convert an array to another type; a view if its storage has been converted before."""
    if array.dtype.kind != "f" or array.dtype == dtype:
        return array
    if ("array", id(array)) not in cache:
        location = get_storage_location(array)
        key = "storage", location.key
        if key not in cache:
            cache[key] = (location.storage, location.storage.astype(dtype))
        new = view_storage(cache[key][1], location.offset, location.shape, location.strides)
        cache["array", id(array)] = (array, new)
    return cache["array", id(array)][1]


def copy_arrays(component: Component, memo: dict[int, Any]) -> None:
    """Add a copy of every array inside ``component`` to a deepcopy memo; views of one storage stay views of one.

    Only the range of a storage that the arrays cover is copied: a copy of one layer of a flattened network contains
    only its own parameters.
    """
    found: dict[int, Array] = {}
    seen: set[int] = set()

    def keep(array: Array) -> Array:
        found.setdefault(id(array), array)
        return array

    def descend(inner: Component) -> None:
        if id(inner) not in seen:
            seen.add(id(inner))
            for _, value in iterate_attributes(inner):
                replace_arrays(value, keep, descend)

    descend(component)
    groups: dict[tuple[int, str], list[tuple[Array, StorageLocation]]] = {}
    for key, array in found.items():
        if key not in memo:
            location = get_storage_location(array)
            groups.setdefault((location.key, array.dtype.str), []).append((array, location))
    for group in groups.values():
        start = min(location.start for _, location in group)
        storage = group[0][1].storage[start : max(location.stop for _, location in group)].copy()
        for array, location in group:
            memo[id(array)] = view_storage(storage, location.offset - start, location.shape, location.strides)
