"""The optimizers as functions of an objective, a vector and two dicts, as in Torch."""

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
from nntrain.specs.configurable import to_python_numbers


def checkgrad(opfunc: OpFunc, x: Array, eps: float = 1e-7) -> tuple[float, Array, Array]:
    """Return |g − e| / |g + e|, the gradient g, and its estimate e = (f(x + eps) − f(x − eps)) / (2 eps) per element.

    The difference is 0 if g = e = 0, and ∞ if g = −e. x is restored. In float32 eps must be larger, about 1e-3.
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
    difference, total = (float(np.linalg.norm(vector)) for vector in (gradient - estimate, gradient + estimate))
    if total:
        return difference / total, gradient, estimate
    return math.inf if difference else 0.0, gradient, estimate


T = TypeVar("T")


def list_names() -> list[str]:
    """Return every name that ``resolve`` accepts."""
    return [*TOOLS, *get_registry().names("optimizer"), *list_classes("optimizer")]


def resolve(name: str) -> Any:
    """Return the class ``SGD``, the function ``sgd``, or a tool. UnknownNameError suggests the closest name."""
    if name in TOOLS:
        return TOOLS[name]
    if name in get_registry().names("optimizer"):
        return get_registry().find("optimizer", name).cls
    if name in list_classes("optimizer"):
        return build_function(list_classes("optimizer")[name])
    raise UnknownNameError(f"unknown optimizer {name!r}{suggest_name(name, list_names())}")


def build_function(cls: type[Optimizer]) -> Callable[..., tuple[Any, ...]]:
    """Build the function for one call of an optimizer, with options in one dict and state in another."""

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

    ``config`` contains the options of {cls.__name__}. Pass the same ``state`` to every call; it is updated in place,
    and its options are used too. Default: state is stored in ``config``; without either, each call starts from scratch.
    Errors: ArgumentError for unknown options or values out of range, ShapeError if x is not a vector of floats.
    """
    return function


def fista(
    f: OpFunc,
    g: Callable[[Array], float],
    pl: Callable[[Array, float], object],
    x_init: Array,
    params: dict[str, Any] | None = None,
) -> tuple[Array, list[dict[str, float]]]:
    """Minimize f + g in place from x_init; return x_init and the history, and store L in ``params["L"]``.

    f(x) returns value and gradient, g(x) the value; pl(z, L) applies the proximal step of g in place. The history has
    nline, L, F, Fply = f(y), Gply = g(y) and Q of each step. ``params`` are the options of FISTA.
    """
    check_vector(x_init, "fista")
    params = {} if params is None else params
    optimizer = build_optimizer(FISTA, params)
    history = optimizer.minimize(f, g, pl, x_init, [])
    params["L"] = optimizer.L
    return x_init, history


def resume_optimizer(cls: type[Optimizer], config: dict[str, Any], state: dict[str, Any]) -> Optimizer:
    """Build the optimizer of ``config`` and restore ``state``.

    A name that is both an option and a state (``stepsize`` of Rprop) is an option until the state is complete.
    """
    options, state_names = set(get_options(cls)), set(cls.state_names)
    is_complete = state_names <= set(state)
    restored = {name: state[name] for name in state_names if name in state and (is_complete or name not in options)}
    given = {
        name: value
        for name, value in config.items()
        if name not in state_names or (name in options and (state is not config or name not in restored))
    }
    optimizer = build_optimizer(cls, given | {name: state[name] for name in options - state_names if name in state})
    for name, value in restored.items():
        setattr(optimizer, name, value)
    return optimizer


def build_optimizer(cls: type[T], given: dict[str, Any]) -> T:
    """Build an optimizer. ArgumentError for an unknown option or a value out of range."""
    try:
        return instantiate(cls, to_python_numbers(dict(given)))
    except SpecError as error:
        raise ArgumentError(f"optim.{cls.__name__.lower()}: {error}") from error


def check_vector(x: Array, name: str) -> None:
    """Raise ShapeError unless x is a vector of floats."""
    if not hasattr(x, "dtype") or x.dtype.kind != "f" or x.ndim != 1:
        got = f"shape {x.shape}, type {x.dtype}" if hasattr(x, "dtype") else f"a {type(x).__name__}"
        raise ShapeError(f"optim.{name}: expected x to be a vector of floats, got {got}")


# Names other than optimizers, and functions with their own signature.
TOOLS: dict[str, Any] = {
    "ConfusionMatrix": ConfusionMatrix,
    "checkgrad": checkgrad,
    "fista": fista,
    "lswolfe": lswolfe,
    "polyinterp": polyinterp,
}
