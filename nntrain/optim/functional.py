"""Torch's form of the optimizers: functions of a function, a vector and two dicts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError, ShapeError, SpecError, UnknownNameError, suggest_name
from nntrain.hooks.registry import get_registry
from nntrain.nn.building.factory import get_options, instantiate, list_classes
from nntrain.optim.algorithms.fista import FISTA
from nntrain.optim.algorithms.lswolfe import lswolfe
from nntrain.optim.algorithms.polyinterp import polyinterp
from nntrain.optim.confusion_matrix import ConfusionMatrix
from nntrain.optim.optimizer import OpFunc, Optimizer, evaluate_into

__all__ = ["build_function", "checkgrad", "fista", "list_names", "resolve"]


def checkgrad(opfunc: OpFunc, x: Array, eps: float = 1e-7) -> tuple[float, Array, Array]:
    """|g − e| / |g + e|, with g and e, where e is (f(x + eps) − f(x − eps)) / (2 eps) for each element of x.

    The difference is 0 where both are 0, and ∞ where g = −e. x is left as it was. In single precision eps must be
    larger, about 1e-3.
    Source: torch/optim, checkgrad.lua.
    """
    gradient, estimate, start = np.empty_like(x), np.empty_like(x), x.copy()
    evaluate_into(opfunc, x, gradient)
    for index in range(x.size):
        x[index] = start[index] + eps
        above = float(opfunc(x)[0])
        x[index] = start[index] - eps
        below = float(opfunc(x)[0])
        x[index] = start[index]
        estimate[index] = (above - below) / (2 * eps)
    apart, together = (float(np.linalg.norm(part)) for part in (gradient - estimate, gradient + estimate))
    difference = apart / together if together else math.inf if apart else 0.0
    return difference, gradient, estimate


T = TypeVar("T")


def list_names() -> list[str]:
    """Every name that ``resolve`` knows."""
    return [*TOOLS, *get_registry().names("optimizer"), *list_classes()]


def resolve(name: str) -> Any:
    """The class ``SGD``, the function ``sgd``, or a tool beside them. UnknownNameError names the nearest."""
    if name in TOOLS:
        return TOOLS[name]
    if name in get_registry().names("optimizer"):
        return get_registry().find("optimizer", name).cls
    if name in list_classes():
        return build_function(list_classes()[name])
    raise UnknownNameError(f"unknown optimizer {name!r}{suggest_name(name, list_names())}")


def build_function(cls: type[Optimizer]) -> Callable[..., tuple[Any, ...]]:
    """The function that makes one call of an optimizer, whose options are in one dict and whose state is in another."""

    def function(
        opfunc: OpFunc, x: Array, config: dict[str, Any] | None = None, state: dict[str, Any] | None = None
    ) -> tuple[Any, ...]:
        check_vector(x, function.__name__)
        config = {} if config is None else config
        state = config if state is None else state
        optimizer = resume_optimizer(cls, config, state)
        losses = optimizer.advance(opfunc, x)
        values = {name: getattr(optimizer, name) for name in cls.state_names}
        state.update({name: value for name, value in values.items() if value is not None})
        return x, losses, *(getattr(optimizer, name) for name in cls.result_names)

    function.__name__ = function.__qualname__ = cls.__name__.lower()
    function.__doc__ = f"""Change x in place and return (x, {", ".join(("losses", *cls.result_names))}).

    ``config`` has the options of {cls.__name__}; ``state`` is filled, and wanted again at the next call. Without it
    ``config`` holds the state too; with neither, each call starts anew. Options are also read from ``state``.
    Errors: ArgumentError for options that are unknown or out of range, ShapeError if x is no vector of floats.
    """
    return function


def fista(
    f: OpFunc,
    g: Callable[[Array], float],
    pl: Callable[[Array, float], object],
    x_init: Array,
    params: dict[str, Any] | None = None,
) -> tuple[Array, list[dict[str, float]]]:
    """Minimise f + g from x_init, in place, and return it with the history; ``params["L"]`` keeps L.

    f(x) returns value and gradient, g(x) the value; pl(z, L) makes g's proximal step in place. The history has nline,
    L, F, Fply = f(y), Gply = g(y) and Q of each step. ``params`` are the options of FISTA.
    """
    check_vector(x_init, "fista")
    params = {} if params is None else params
    optimizer = build_optimizer(FISTA, params)
    history = optimizer.minimize(f, g, pl, x_init, [])
    params["L"] = optimizer.L
    return x_init, history


def resume_optimizer(cls: type[Optimizer], config: dict[str, Any], state: dict[str, Any]) -> Optimizer:
    """The optimizer of ``config`` as ``state`` left it.

    A name that is both an option and a state (``stepsize`` of Rprop) is the option until all of the state is there.
    """
    words, remembered = set(get_options(cls)), set(cls.state_names)
    whole = remembered <= set(state)
    kept = {name: state[name] for name in remembered if name in state and (whole or name not in words)}
    given = {
        name: value
        for name, value in config.items()
        if name not in remembered or (name in words and (state is not config or name not in kept))
    }
    optimizer = build_optimizer(cls, given | {name: state[name] for name in words - remembered if name in state})
    for name, value in kept.items():
        setattr(optimizer, name, value)
    return optimizer


def build_optimizer(cls: type[T], given: dict[str, Any]) -> T:
    """The optimizer with these options. ArgumentError if one is unknown, or out of range."""
    try:
        return instantiate(cls, {name: to_python_number(value) for name, value in given.items()})
    except SpecError as error:
        raise ArgumentError(f"optim.{cls.__name__.lower()}: {error}") from error


def to_python_number(value: Any) -> Any:
    """A number of numpy as one of Python."""
    return value.item() if isinstance(value, np.generic) else value


def check_vector(x: Array, name: str) -> None:
    """ShapeError unless x is a vector of floating numbers."""
    if not hasattr(x, "dtype") or x.dtype.kind != "f" or x.ndim != 1:
        told = f"shape {x.shape}, type {x.dtype}" if hasattr(x, "dtype") else f"a {type(x).__name__}"
        raise ShapeError(f"optim.{name}: expected x to be a vector of floating numbers, got {told}")


# What is no optimizer, or has a form of its own.
TOOLS: dict[str, Any] = {
    "ConfusionMatrix": ConfusionMatrix,
    "checkgrad": checkgrad,
    "fista": fista,
    "lswolfe": lswolfe,
    "polyinterp": polyinterp,
}
