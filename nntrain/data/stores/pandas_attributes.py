"""The attributes that pandas stores with groups and datasets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import read_attribute
from nntrain.hdf5.pickled_literals import read_pickled_literal

if TYPE_CHECKING:
    import h5py

# Columns share their attributes.
read_pickled = lru_cache(64)(read_pickled_literal)


def read_pandas_attribute(item: h5py.Group | h5py.Dataset, name: str, problem: ErrorFactory) -> Any:
    """Return the value of an attribute; None if it is missing or empty. Pickled literals are parsed, not unpickled."""
    with translate_errors(problem):
        if name not in item.attrs or item.attrs.get_id(name).shape is None:
            return None
    value = read_attribute(item, name, problem)
    if not isinstance(value, bytes):
        return value
    if value.endswith(b"."):
        try:
            return read_pickled(value)
        except ValueError:
            pass
    return value.decode(errors="replace")


def read_pandas_text(item: h5py.Group | h5py.Dataset, name: str, problem: ErrorFactory) -> str:
    """Return a string attribute; empty if it is missing or of another type."""
    value = read_pandas_attribute(item, name, problem)
    return value if isinstance(value, str) else ""


def to_column_names(value: Any, where: str, problem: ErrorFactory) -> list[str]:
    """Convert a list to column names. The error unless all are strings or integers."""
    if not isinstance(value, list) or not all(isinstance(name, str | int) for name in value):
        raise problem(f"{where}: expected strings or numbers as column names; rename the columns, or write Parquet")
    return [str(name) for name in value]
