"""Constructor arguments by the types of their values, with the fields of Torch7 objects that contain them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_argument import Converter, Torch7Argument
from nntrain_torch7.format import Storage
from nntrain_torch7.format.dtypes import DTYPE_NAMES, TENSOR_DTYPES


def number(ours: str, torch: str | None = None) -> Torch7Argument:
    """A number, an int if it has no fraction."""
    return Torch7Argument(ours, torch or ours, lambda value, _: to_number(value), lambda value, _: to_float(value))


def index(ours: str, torch: str | None = None) -> Torch7Argument:
    """A position: Torch7 counts from 1, nntrain from 0. Negative ones count from the end in both."""
    return Torch7Argument(
        ours,
        torch or ours,
        lambda value, _: to_zero_based(value),
        lambda value, _: None if value is None else to_one_based(value),
    )


axis = index


def boolean(ours: str, torch: str | None = None) -> Torch7Argument:
    """A boolean."""
    return Torch7Argument(
        ours, torch or ours, lambda value, _: to_bool(value), lambda value, _: None if value is None else bool(value)
    )


def string(ours: str, torch: str | None = None) -> Torch7Argument:
    """A string."""
    return Torch7Argument(ours, torch or ours, lambda value, _: to_string(value), lambda value, _: value)


def tensor_type(ours: str, torch: str) -> Torch7Argument:
    """The name of a tensor type."""

    def read(value: Any, go: Any) -> str:
        if to_string(value) not in TENSOR_DTYPES:
            raise ValueError(f"expected the name of a tensor type, got {value!r}")
        return TENSOR_DTYPES[value].name

    return Torch7Argument(ours, torch, read, lambda value, _: None if value is None else get_tensor_name(value))


def get_tensor_name(dtype: Any) -> str:
    """Return Torch7's name for tensors of a type."""
    return f"torch.{DTYPE_NAMES[np.dtype(dtype)]}Tensor"


def integers(ours: str, torch: str | None = None) -> Torch7Argument:
    """Integers in a LongStorage."""
    return Torch7Argument(
        ours,
        torch or ours,
        lambda value, _: to_integers(value),
        lambda value, _: None if value is None else build_size_storage(np.atleast_1d(value)),
    )


def tensor(ours: str, torch: str | None = None) -> Torch7Argument:
    """Numbers in a tensor."""
    return Torch7Argument(
        ours,
        torch or ours,
        lambda value, _: to_array(value),
        lambda value, _: None if value is None else np.array(value, np.float64),
    )


def nested(ours: str, torch: str) -> Torch7Argument:
    """A module or criterion in a field of its own."""
    return Torch7Argument(
        ours, torch, lambda value, go: go(value), lambda value, go: None if value is None else go(value)
    )


def single_module(ours: str = "module", torch: str = "modules") -> Torch7Argument:
    """The one module of a list."""
    return Torch7Argument(
        ours,
        torch,
        lambda value, go: get_single_module(to_sequence(value), go),
        lambda value, go: {} if value is None else {1: go(value)},
    )


def module_list(ours: str = "modules", torch: str = "modules") -> Torch7Argument:
    """A list of modules or criterions."""
    return Torch7Argument(
        ours,
        torch,
        lambda value, go: [go(item) for item in to_sequence(value)],
        lambda value, go: {place: go(item) for place, item in enumerate(value or (), 1)},
    )


def to_number(value: Any) -> int | float:
    """Convert a number of a file: int if it has no fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {describe_value(value)}")
    return int(value) if float(value).is_integer() else value


def to_float(value: Any) -> float | None:
    """Convert a number for a file."""
    return None if value is None else float(value)


def to_bool(value: Any) -> bool:
    """Check a boolean, which is a number in some old files."""
    if isinstance(value, bool):
        return value
    if value in (0.0, 1.0):
        return bool(value)
    raise ValueError(f"expected true or false, got {describe_value(value)}")


def to_string(value: Any) -> str:
    """Check a string."""
    if not isinstance(value, str):
        raise ValueError(f"expected a string, got {describe_value(value)}")
    return value


def to_integers(value: Any) -> list[int]:
    """Convert a storage, a tensor or a table of integers."""
    content = value.array if isinstance(value, Storage) else value
    items = to_list(content) if isinstance(content, np.ndarray) and content.ndim == 1 else to_sequence(content)
    numbers = [to_number(item) for item in items]
    if not all(isinstance(number, int) for number in numbers):
        raise ValueError(f"expected integers, got {numbers}")
    return [int(number) for number in numbers]


def to_list(array: Any) -> list[Any]:
    """Convert an array to Python numbers, whose memory, several times that of the array, is reserved."""
    reserve_elements(8, *array.shape)
    numbers: list[Any] = array.tolist()
    return numbers


def build_size_storage(sizes: Any) -> Storage:
    """Return sizes as a LongStorage."""
    return Storage(np.array(sizes, np.int64))


def to_array(value: Any) -> Any:
    """Return a copy of a tensor in float64."""
    if isinstance(value, Storage):
        value = value.array
    if not isinstance(value, np.ndarray):
        raise ValueError(f"expected a tensor, got {describe_value(value)}")
    if value.base is not None and value.size > value.base.size:
        raise ValueError("expected a tensor with memory for each of its elements")
    # In float64, for the constructor and for the recorded call. Many objects may view one storage.
    reserve_elements(4, *value.shape)
    return value.astype(np.float64)


def to_sequence(value: Any) -> list[Any]:
    """Return the values of a table with the keys 1, 2, ..."""
    if not isinstance(value, dict) or set(value) != set(range(1, len(value) + 1)):
        raise ValueError(f"expected a table with the keys 1, 2, ..., got {describe_value(value)}")
    return [value[place] for place in range(1, len(value) + 1)]


def get_single_module(items: list[Any], go: Converter) -> Any:
    """Convert the module of a decorator; a list contains one, or the clones of one."""
    return go(items[0]) if items else None


def to_zero_based(value: Any) -> int:
    """Convert a position that counts from 1."""
    position = to_number(value)
    if not isinstance(position, int) or position == 0:
        raise ValueError(f"expected a position, counted from 1, got {position}")
    return position - 1 if position > 0 else position


def to_one_based(value: int) -> float:
    """Convert a position that counts from 0."""
    return float(value + 1 if value >= 0 else value)


def describe_value(value: Any) -> str:
    """Describe a value briefly for errors."""
    if isinstance(value, np.ndarray):
        return f"a tensor of shape {value.shape}"
    if isinstance(value, dict):
        return f"a table of {len(value)}"
    return "nil" if value is None else f"{type(value).__name__} {value!r:.40}"
