"""Arguments of our constructors by the kinds of their values, and the fields of Torch's objects that say them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.exchange.torch7_argument import Converter, Torch7Argument
from nntrain_torch7.format import Storage
from nntrain_torch7.format.element_types import NAMES, TENSORS

__all__ = [
    "array",
    "as_array",
    "as_list",
    "as_number",
    "as_numbers",
    "as_text",
    "as_values",
    "axis",
    "child",
    "children",
    "element_type",
    "flag",
    "from_one",
    "index",
    "inner",
    "number",
    "numbers",
    "shape_storage",
    "spoken",
    "tensor_name",
    "text",
    "to_one",
]


def number(ours: str, torch: str | None = None) -> Torch7Argument:
    """A number, which is whole where it has no fraction."""
    return Torch7Argument(ours, torch or ours, lambda value, _: as_number(value), lambda value, _: as_float(value))


def index(ours: str, torch: str | None = None) -> Torch7Argument:
    """A position: Torch counts from 1, we from 0. Negative ones count from the end in both."""
    return Torch7Argument(
        ours,
        torch or ours,
        lambda value, _: from_one(value),
        lambda value, _: None if value is None else to_one(value),
    )


axis = index


def flag(ours: str, torch: str | None = None) -> Torch7Argument:
    """True or false."""
    return Torch7Argument(
        ours, torch or ours, lambda value, _: as_flag(value), lambda value, _: None if value is None else bool(value)
    )


def text(ours: str, torch: str | None = None) -> Torch7Argument:
    """A text."""
    return Torch7Argument(ours, torch or ours, lambda value, _: as_text(value), lambda value, _: value)


def element_type(ours: str, torch: str) -> Torch7Argument:
    """The name of a type of tensors."""

    def read(value: Any, go: Any) -> str:
        if as_text(value) not in TENSORS:
            raise ValueError(f"expected the name of a type of tensors, got {value!r}")
        return TENSORS[value].name

    return Torch7Argument(ours, torch, read, lambda value, _: None if value is None else tensor_name(value))


def tensor_name(dtype: Any) -> str:
    """Torch's name for tensors of a type."""
    return f"torch.{NAMES[np.dtype(dtype)]}Tensor"


def numbers(ours: str, torch: str | None = None) -> Torch7Argument:
    """Whole numbers in a LongStorage."""
    return Torch7Argument(
        ours,
        torch or ours,
        lambda value, _: as_numbers(value),
        lambda value, _: None if value is None else shape_storage(np.atleast_1d(value)),
    )


def array(ours: str, torch: str | None = None) -> Torch7Argument:
    """Numbers in a tensor."""
    return Torch7Argument(
        ours,
        torch or ours,
        lambda value, _: as_array(value),
        lambda value, _: None if value is None else np.array(value, np.float64),
    )


def inner(ours: str, torch: str) -> Torch7Argument:
    """A module or criterion in a field of its own."""
    return Torch7Argument(
        ours, torch, lambda value, go: go(value), lambda value, go: None if value is None else go(value)
    )


def child(ours: str = "module", torch: str = "modules") -> Torch7Argument:
    """The one module of a list."""
    return Torch7Argument(
        ours,
        torch,
        lambda value, go: one_of(as_list(value), go),
        lambda value, go: {} if value is None else {1: go(value)},
    )


def children(ours: str = "modules", torch: str = "modules") -> Torch7Argument:
    """A list of modules or criterions."""
    return Torch7Argument(
        ours,
        torch,
        lambda value, go: [go(item) for item in as_list(value)],
        lambda value, go: {place: go(item) for place, item in enumerate(value or (), 1)},
    )


def as_number(value: Any) -> int | float:
    """A number of a file: int where it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {spoken(value)}")
    return int(value) if float(value).is_integer() else value


def as_float(value: Any) -> float | None:
    """A number as a file has it."""
    return None if value is None else float(value)


def as_flag(value: Any) -> bool:
    """A boolean; some old files have numbers."""
    if isinstance(value, bool):
        return value
    if value in (0.0, 1.0):
        return bool(value)
    raise ValueError(f"expected true or false, got {spoken(value)}")


def as_text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError(f"expected a text, got {spoken(value)}")
    return value


def as_numbers(value: Any) -> list[int]:
    """Whole numbers in a storage, a tensor, or a table."""
    held = value.array if isinstance(value, Storage) else value
    found = as_values(held) if isinstance(held, np.ndarray) and held.ndim == 1 else as_list(held)
    whole = [as_number(item) for item in found]
    if not all(isinstance(item, int) for item in whole):
        raise ValueError(f"expected whole numbers, got {whole}")
    return [int(item) for item in whole]


def as_values(array: Any) -> list[Any]:
    """The numbers of an array as those of Python, which take several times its memory: that is counted."""
    reserve_elements(8, *array.shape)
    found: list[Any] = array.tolist()
    return found


def shape_storage(sizes: Any) -> Storage:
    """Sizes in a LongStorage."""
    return Storage(np.array(sizes, np.int64))


def as_array(value: Any) -> Any:
    """The numbers of a tensor, as a copy."""
    if isinstance(value, Storage):
        value = value.array
    if not isinstance(value, np.ndarray):
        raise ValueError(f"expected a tensor, got {spoken(value)}")
    if value.base is not None and value.size > value.base.size:
        raise ValueError("expected a tensor with memory for each of its numbers")
    # In double precision, for the constructor and in the recorded call. Many objects may view one storage.
    reserve_elements(4, *value.shape)
    return value.astype(np.float64)


def as_list(value: Any) -> list[Any]:
    """The values of a table whose keys are 1, 2, ..."""
    if not isinstance(value, dict) or set(value) != set(range(1, len(value) + 1)):
        raise ValueError(f"expected a table with the keys 1, 2, ..., got {spoken(value)}")
    return [value[place] for place in range(1, len(value) + 1)]


def one_of(items: list[Any], go: Converter) -> Any:
    """The module of a decorator; a list has one, or the clones of one."""
    return go(items[0]) if items else None


def from_one(value: Any) -> int:
    """A position that counts from 1, from 0."""
    position = as_number(value)
    if not isinstance(position, int) or position == 0:
        raise ValueError(f"expected a position, which counts from 1, got {position}")
    return position - 1 if position > 0 else position


def to_one(value: int) -> float:
    """A position that counts from 0, from 1."""
    return float(value + 1 if value >= 0 else value)


def spoken(value: Any) -> str:
    """What a value is, in a word or two."""
    if isinstance(value, np.ndarray):
        return f"a tensor of shape {value.shape}"
    if isinstance(value, dict):
        return f"a table of {len(value)}"
    return "nil" if value is None else f"{type(value).__name__} {value!r:.40}"
