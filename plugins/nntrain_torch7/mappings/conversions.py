"""Conversions of the values of a Torch7 object, with checks of their types."""

from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain_torch7.format import Storage
from nntrain_torch7.format.dtypes import DTYPE_NAMES, TENSOR_DTYPES


def get_tensor_name(dtype: Any) -> str:
    """Return Torch7's name for tensors of a type."""
    return f"torch.{DTYPE_NAMES[np.dtype(dtype)]}Tensor"


def parse_tensor_type(value: Any) -> str:
    """Return the dtype of the name of a tensor type."""
    if to_string(value) not in TENSOR_DTYPES:
        raise ValueError(f"expected the name of a tensor type, got {value!r}")
    return TENSOR_DTYPES[value].name


def to_number(value: Any) -> int | float:
    """Convert a number of a file: int if it has no fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {describe_value(value)}")
    return int(value) if float(value).is_integer() else value


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
    return Storage(np.atleast_1d(np.array(sizes, np.int64)))


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


def get_tensor_shape(fields: TorchFields, name: str, axes: int) -> tuple[int, ...]:
    """Return the shape of a tensor with this number of axes. ValueError for another value."""
    tensor: Any = fields.get(name)
    if not isinstance(tensor, np.ndarray) or tensor.ndim != axes:
        raise ValueError(f"expected a tensor of {axes} axes in the field {name!r}, got {describe_value(tensor)}")
    return tensor.shape


def to_sequence(value: Any) -> list[Any]:
    """Return the values of a table with the keys 1, 2, ..."""
    if not isinstance(value, dict) or set(value) != set(range(1, len(value) + 1)):
        raise ValueError(f"expected a table with the keys 1, 2, ..., got {describe_value(value)}")
    return [value[place] for place in range(1, len(value) + 1)]


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
