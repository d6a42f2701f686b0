"""What pandas says of a store in attributes of its groups and datasets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nntrain.hdf5.guard import attribute
from nntrain.hdf5.literals import literal_of
from nntrain.hdf5.opened import Problem, damaged

if TYPE_CHECKING:
    import h5py

__all__ = ["names_in", "said", "text_said"]

# Columns ask for the same attributes again and again.
unpickled = lru_cache(64)(literal_of)


def said(item: h5py.Group | h5py.Dataset, name: str, problem: Problem) -> Any:
    """The value of an attribute; None if it is not there, or empty. What is pickled is read, but not unpickled."""
    with damaged(problem):
        if name not in item.attrs or item.attrs.get_id(name).shape is None:
            return None
    value = attribute(item, name, problem)
    if not isinstance(value, bytes):
        return value
    if value.endswith(b"."):
        try:
            return unpickled(value)
        except ValueError:
            pass
    return value.decode(errors="replace")


def text_said(item: h5py.Group | h5py.Dataset, name: str, problem: Problem) -> str:
    """The text of an attribute; the empty one if it is not there, or something else."""
    value = said(item, name, problem)
    return value if isinstance(value, str) else ""


def names_in(value: Any, where: str, problem: Problem) -> list[str]:
    """The names of columns in a list of them. The error if they are not texts or integers."""
    if not isinstance(value, list) or not all(isinstance(name, str | int) for name in value):
        raise problem(f"{where}: expected columns named by texts or numbers; name them so, or write Parquet")
    return [str(name) for name in value]
