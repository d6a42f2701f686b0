"""Arrays whose operations count the bytes that they read and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.traffic.operation_spans import find_call_spans, iterate_arrays
from nntrain.training.traffic.traffic_log import CURRENT_LOG

# Methods of arrays that neither ``__array_ufunc__`` nor ``__array_function__`` receives.
METHODS = (
    *("argmax", "argmin", "argpartition", "argsort", "astype", "byteswap", "choose", "compress", "copy", "dot"),
    *("flatten", "nonzero", "ravel", "repeat", "reshape", "searchsorted", "take", "tobytes", "tolist", "trace"),
    *("fill", "put", "sort", "partition", "__getitem__", "__setitem__"),
)


class TrafficArray(np.ndarray[Any, Any]):
    """A NumPy array whose operations are added to the current ``TrafficLog``; its views and results are such arrays.

    Each operand counts once per operation, and each result. Not counted are the reuse of operands inside a matrix
    product, the drawing of random numbers, and operations without such an array.
    """

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return call_logged(getattr(ufunc, method), method, inputs, kwargs)

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        return call_logged(func, func.__name__, args, kwargs)


def override_method(name: str) -> Callable[..., Any]:
    """Return a method of ``np.ndarray`` that adds its bytes to the log."""
    method = getattr(np.ndarray, name)

    def call(self: TrafficArray, *args: Any, **kwargs: Any) -> Any:
        # Called with the array itself instead of a plain view, so that the bases of its views are such arrays too.
        result = method(self, *args, **kwargs)
        log_call(name, (self, *args), kwargs, result)
        return wrap(result)

    return call


for _name in METHODS:
    setattr(TrafficArray, _name, override_method(_name))


def call_logged(function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function of NumPy with plain arrays, and add its bytes to the log."""
    tracked = {id(array): array for array in iterate_arrays((args, kwargs)) if isinstance(array, TrafficArray)}
    plain = {key: array.view(np.ndarray) for key, array in tracked.items()}
    args, kwargs = replace_arrays(args, plain), replace_arrays(kwargs, plain)
    result = function(*args, **kwargs)
    log_call(name, args, kwargs, result)
    # Outputs are returned as the objects that were given.
    return wrap(replace_arrays(result, {id(plain[key]): array for key, array in tracked.items()}))


def log_call(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
    """Add a finished call to the current log."""
    log = CURRENT_LOG.get()
    if log is not None and log.is_counting:
        log.add(*find_call_spans(name, args, kwargs, result))


def wrap(value: Any) -> Any:
    """Convert the arrays of a result to TrafficArrays."""
    plain = {id(array): array for array in iterate_arrays(value) if not isinstance(array, TrafficArray)}
    return replace_arrays(value, {key: array.view(TrafficArray) for key, array in plain.items()}) if plain else value


def replace_arrays(value: Any, new: Mapping[int, Array]) -> Any:
    """Replace arrays by their ids inside tuples, lists and dicts."""
    if isinstance(value, np.ndarray):
        return new.get(id(value), value)
    if isinstance(value, dict):
        return {key: replace_arrays(item, new) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(replace_arrays(item, new) for item in value)
    return value
