"""Objects with a recorded constructor call, from which repr, config and checkpoint form follow."""

import inspect
import operator
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ClassVar, Self

import numpy as np


class Configurable:
    """Records the constructor call, with NumPy's numbers converted to Python's.

    ``mutable_arguments`` are arguments that may change later, as attributes of the same name; for these the attribute
    is used, for all others the recorded call.
    """

    mutable_arguments: ClassVar[tuple[str, ...]] = ()

    _call: tuple[tuple[Any, ...], dict[str, Any]]
    _prefix: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls):
            constructor: Any = cls.__init__

            # A float64 argument would promote float32 arrays.
            @wraps(constructor)
            def convert_and_call(self: Any, *args: Any, **kwargs: Any) -> None:
                constructor(self, *to_python_numbers(args), **to_python_numbers(kwargs))

            cls.__init__ = convert_and_call  # type: ignore[method-assign]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        self = super().__new__(cls)
        self._call = (to_python_numbers(args), to_python_numbers(kwargs))
        return self

    def get_arguments(self) -> dict[str, Any]:
        """Return the explicit arguments by name, in the order of the signature."""
        args, kwargs = self._call
        known = get_signature(type(self))
        given = dict(known.bind(*args, **kwargs).arguments)
        for name in self.mutable_arguments:
            value = getattr(self, name)
            if name in given or value is not known.parameters[name].default:
                given[name] = value
        return {name: given[name] for name in known.parameters if name in given}

    def __repr__(self) -> str:
        positional = len(self._call[0])
        shown = [
            repr(to_plain(value)) if index < positional else f"{name}={to_plain(value)!r}"
            for index, (name, value) in enumerate(self.get_arguments().items())
        ]
        return f"{self._prefix}{type(self).__name__}({', '.join(shown)})"


def to_python_numbers(value: Any) -> Any:
    """Convert NumPy's numbers to Python's, also in lists, tuples and dicts; return ``value`` itself if it has none."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        items = [to_python_numbers(item) for item in value]
        return value if all(map(operator.is_, items, value)) else type(value)(items)
    if type(value) is dict:
        changed = {key: to_python_numbers(item) for key, item in value.items()}
        return value if all(changed[key] is item for key, item in value.items()) else changed
    return value


def get_signature(cls: type) -> inspect.Signature:
    """Return the signature of a class's constructor, without ``self``."""
    return get_constructor_signature(cls.__init__)  # type: ignore[misc]


@cache
def get_constructor_signature(constructor: Callable[..., None]) -> inspect.Signature:
    """Return the cached signature of a constructor; the one of ``object`` has no parameters."""
    if constructor is object.__init__:
        return inspect.Signature()
    signature = inspect.signature(constructor)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def to_plain(value: Any) -> Any:
    """Convert a constructor argument to a JSON or TOML value: arrays to lists, types to names."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, type) and issubclass(value, np.generic):
        return np.dtype(value).name
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value
