"""Arrays that count the NumPy calls on them."""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MethodDescriptorType
from typing import Any, ClassVar

import numpy as np

from tests.paths import ROOT

__all__ = ["CountedArray", "CountedGenerator", "calls"]


# Functions that create arrays, which no array can count.
CREATORS = (
    *("array", "asarray", "ascontiguousarray", "asanyarray", "arange", "empty", "zeros", "ones", "full"),
    *("eye", "identity", "frombuffer", "fromiter", "linspace"),
)


class Tally:
    """The calls so far by function and line; nested calls inside NumPy do not count."""

    calls: ClassVar[Counter[str]] = Counter()
    inside = False
    open = False

    @classmethod
    def call(cls, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function and count it if it is the outermost."""
        if cls.inside or not cls.open:
            return function(*args, **kwargs)
        cls.calls[f"{caller()} {name}"] += 1
        cls.inside = True
        try:
            return function(*args, **kwargs)
        finally:
            cls.inside = False


def caller() -> str:
    """Return the innermost line of the project in the call stack."""
    frame = sys._getframe(2)
    while frame.f_back is not None and not is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


@functools.cache
def is_ours(path: str) -> bool:
    """Whether a file is part of the project, without this package."""
    return Path(path).is_relative_to(ROOT) and Path(path).parent != Path(__file__).parent


class CountedArray(np.ndarray[Any, Any]):
    """An array whose ufuncs, operators, array functions, methods and indexing are counted."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        given = {key: bare(value) for key, value in kwargs.items()}
        result = Tally.call(name, super().__array_ufunc__, ufunc, method, *bare(inputs), **given)
        out = kwargs.get("out")
        return (out[0] if len(out) == 1 else out) if out is not None else dressed(result)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dressed(Tally.call(function.__name__, super().__array_function__, function, types, args, kwargs))


def counting(name: str) -> Callable[..., Any]:
    """Return a counted array method."""
    method = getattr(np.ndarray, name)

    def call(self: CountedArray, *args: Any, **kwargs: Any) -> Any:
        return Tally.call(name.strip("_"), method, self, *args, **kwargs)

    return call


for _name, _method in vars(np.ndarray).items():
    if isinstance(_method, MethodDescriptorType) and not _name.startswith("_"):
        setattr(CountedArray, _name, counting(_name))
for _name in ("__getitem__", "__setitem__"):
    setattr(CountedArray, _name, counting(_name))


class CountedGenerator(np.random.Generator):
    """A random stream with counted draws."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name.startswith("_") or name == "bit_generator":
            return value
        return lambda *args, **kwargs: dressed(Tally.call(name, value, *args, **kwargs))


def bare(value: Any) -> Any:
    """Convert one array or the arrays of a tuple to plain arrays."""
    if isinstance(value, tuple):
        return tuple(map(bare, value))
    return np.ndarray.view(value, np.ndarray) if isinstance(value, CountedArray) else value


def dressed(value: Any) -> Any:
    """Convert one array or the arrays of a tuple or list to counted arrays."""
    if type(value) is np.ndarray:
        return value.view(CountedArray)
    return type(value)(map(dressed, value)) if type(value) in (tuple, list) else value


@contextmanager
def calls() -> Iterator[Counter[str]]:
    """Count calls by line and name inside the context."""
    kept = {name: getattr(np, name) for name in CREATORS}
    Tally.calls = Counter()
    for name, function in kept.items():
        setattr(np, name, lambda *a, _n=name, _f=function, **k: dressed(Tally.call(_n, _f, *a, **k)))
    Tally.open = True
    try:
        yield Tally.calls
    finally:
        Tally.open = False
        for name, function in kept.items():
            setattr(np, name, function)
