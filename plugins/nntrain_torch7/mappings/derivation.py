"""Mappings whose arguments follow from the constructor of the class."""

import re
import types
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from nntrain.exchange import Torch7Argument, Torch7Mapping
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.specs.configurable import get_signature
from nntrain.specs.type_hints import get_hints
from nntrain_torch7.mappings.conversions import (
    build_size_storage,
    get_tensor_name,
    get_tensor_shape,
    parse_tensor_type,
    to_array,
    to_bool,
    to_integers,
    to_number,
    to_one_based,
    to_sequence,
    to_string,
    to_zero_based,
)

MappingBuilder = Callable[[type[Any]], Torch7Mapping]
"""Builds the mapping of a class."""

# Torch's fields for arguments and arrays whose names are not in camel case in Torch.
FIELD_NAMES = {
    **{name: name for name in ("ceil_mode", "constant_scalar", "count_include_pad", "print_interval", "scale_factor")},
    **{name: name for name in ("running_mean", "running_var")},
    **{f"{lead}{axis}": f"{lead}{axis.upper()}" for lead in "kdi" for axis in "twh"},
    "lam": "lambda",
    "min_value": "min_val",
    "max_value": "max_val",
}

# The field of an axis in many classes; in others, it has the same name.
DIMENSION = {"dim": "dimension"}

# Arguments that count from 0 here and from 1 in Torch.
POSITIONS = {"dim", "index", "input_dim", "offset", "output_dim"}

# Arguments that are true if there is a tensor, and its field.
TENSOR_ARGUMENTS = {"affine": "weight", "bias": "bias"}

# The one module of a decorator; a list contains one, or the clones of one.
SINGLE_MODULE = Torch7Argument(
    "module",
    "modules",
    lambda value, go: go(items[0]) if (items := to_sequence(value)) else None,
    lambda value, go: {} if value is None else {1: go(value)},
)


def derive(
    renamed: Mapping[str, str] | None = None,
    *own: Torch7Argument,
    omitted: Collection[str] = (),
    sizes: tuple[str, ...] = (),
    arguments: tuple[Torch7Argument, ...] | None = None,
    arrays: Mapping[str, str] | None = None,
    derived: Callable[[TorchFields], dict[str, Any]] = lambda fields: {},
    extra: Mapping[str, Any] | Callable[..., dict[str, Any]] | None = None,
    **others: Any,
) -> MappingBuilder:
    """Return a builder of a mapping to the class of the same name in Torch.

    The mapping has an argument for each parameter of the constructor, converted by its type, except for those in
    ``omitted``. ``renamed``: fields of Torch with an unusual name. ``own``: arguments with other conversions.
    ``sizes``: the field of a tensor, and the arguments that are its sizes. ``arguments``: all arguments, if none are
    derived. ``arrays``: default: the parameters, their gradients and the buffers. ``extra``: as in Torch7Mapping, or
    constant fields.
    """
    if extra is not None:
        # Copied, because Torch shares a tensor between all objects with it.
        others["extra"] = extra if callable(extra) else lambda component, go: deepcopy(extra)

    def build(cls: type[Any]) -> Torch7Mapping:
        found_arrays = derive_arrays(cls) if arrays is None else arrays
        if arguments is not None:
            return Torch7Mapping(cls.__name__, arguments, derived, arrays=found_arrays, **others)
        names = [name for name in get_signature(cls).parameters if name not in omitted]

        def read(fields: TorchFields) -> dict[str, Any]:
            shape = get_tensor_shape(fields, sizes[0], len(sizes) - 1) if sizes else ()
            present = {
                name: fields.get(TENSOR_ARGUMENTS[name]) is not None for name in TENSOR_ARGUMENTS if name in names
            }
            return {**dict(zip(sizes[1:], shape, strict=True)), **present, **derived(fields)}

        known, hints = {argument.ours: argument for argument in own}, get_hints(cls)
        found = tuple(
            known.get(name) or build_argument(name, (renamed or {}).get(name), hints[name])
            for name in names
            if name not in TENSOR_ARGUMENTS and name not in sizes[1:]
        )
        return Torch7Mapping(cls.__name__, found, read, arrays=found_arrays, **others)

    return build


def derive_arrays(cls: type[Any]) -> dict[str, str]:
    """Return Torch's fields for the parameters of a class, their gradients, and the buffers."""
    fields: dict[str, str] = {}
    for name in getattr(cls, "parameter_names", ()):
        field = get_field_name(name)
        fields |= {name: field, f"grad_{name}": f"grad{field[0].upper()}{field[1:]}"}
    return fields | {name: get_field_name(name) for name in getattr(cls, "buffer_names", ())}


def get_field_name(name: str) -> str:
    """Return Torch's field for an argument or array: in camel case, unless it has another name."""
    return FIELD_NAMES.get(name) or re.sub("_(.)", lambda found: found[1].upper(), name)


def build_argument(name: str, field: str | None = None, hint: Any = int) -> Torch7Argument:
    """Return the argument of this name and type."""
    if name == SINGLE_MODULE.ours:
        return SINGLE_MODULE
    field = field or get_field_name(name)
    choices = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    choices = tuple(choice for choice in choices if choice is not types.NoneType)
    if is_component(choices[0]):
        return Torch7Argument(
            name, field, lambda value, go: go(value), lambda value, go: None if value is None else go(value)
        )
    if is_component(*get_args(choices[0])[:1]):
        return Torch7Argument(
            name,
            field,
            lambda value, go: [go(item) for item in to_sequence(value)],
            lambda value, go: {place: go(item) for place, item in enumerate(value or (), 1)},
        )
    read, write = find_conversion(name, choices)
    return Torch7Argument(
        name, field, lambda value, _: read(value), lambda value, _: None if value is None else write(value)
    )


def is_component(hint: Any = None) -> bool:
    """Whether a type is that of modules or criterions."""
    return isinstance(hint, type) and issubclass(hint, Module | Criterion)


def find_conversion(name: str, choices: tuple[Any, ...]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Return the functions that read and write an argument whose value has one of several types."""
    if name in POSITIONS:
        return to_zero_based, to_one_based
    if choices == (bool,):
        return to_bool, bool
    if choices in ((int,), (float,)):
        return to_number, float
    if choices[0] is int:
        return to_integers, build_size_storage
    if choices == (str,) and name.endswith("_type"):
        return parse_tensor_type, get_tensor_name
    if choices == (str,) or get_origin(choices[0]) is Literal:
        return to_string, str
    return to_array, lambda value: np.array(value, np.float64)
