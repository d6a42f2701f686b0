"""The check that backward goes through what forward went through.

Modules read in backward what forward left behind, so after another input, or without that memory, numpy would add up
what does not belong together, or complain about shapes that the caller never saw. A component keeps its last input, so
in a step the check is whether it is the same object; only where it is another are shapes compared.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nntrain.compute.array import Value
from nntrain.errors import ModuleError, ShapeError

if TYPE_CHECKING:
    from nntrain.nn.component import Component

__all__ = ["CLEARED", "check_gradient", "check_input", "check_input_size"]

# In the place of an input: the memory of the last forward pass was cleared. None: the input is not known.
CLEARED = "cleared"


def check_input(component: Component, x: Value) -> None:
    """ModuleError unless x has the shape of what went forward last."""
    fed = component._fed
    if isinstance(fed, str):
        raise_error(
            component, ModuleError("expected forward(x) before backward, got none since clear_state; call it first")
        )
    if is_different(get_shape(fed), get_shape(x)):
        raise_error(component, build_input_error(fed, x))


def check_input_size(component: Component, x: Value) -> None:
    """The same for a part of a component, which may know the input in another shape."""
    fed = get_shape(component._fed)
    if isinstance(component._fed, str) or (isinstance(fed, tuple) and math.prod(fed) != math.prod(x.shape)):
        check_input(component, x)


def check_gradient(component: Component, dy: Value) -> None:
    """ShapeError unless dy has the shape of the output."""
    y = component.output
    if is_different(get_shape(y), get_shape(dy)):
        expected, got = get_shape(y), get_shape(dy)
        raise_error(component, ShapeError(f"expected a gradient in the shape of the output, {expected}, got {got}"))


def get_shape(value: Value) -> Any:
    """The shape of an array, or a list of those in a table; None of anything else."""
    if isinstance(value, list | tuple):
        return [get_shape(item) for item in value]
    return getattr(value, "shape", None)


def is_different(one: Any, other: Any) -> bool:
    """Whether two shapes are known, and are not the same."""
    if isinstance(one, list) and isinstance(other, list):
        return any(is_different(*pair) for pair in zip(one, other, strict=False))
    return isinstance(one, tuple) and isinstance(other, tuple) and one != other


def build_input_error(fed: Value, x: Value) -> ShapeError:
    """The error for another input than that of the last forward."""
    expected, got = get_shape(fed), get_shape(x)
    return ShapeError(f"expected the input of the last forward, of shape {expected}, got {got}; call forward(x) first")


def raise_error(component: Component, error: ModuleError) -> None:
    """Raise an error of a component."""
    error.place.append(component.label())
    raise error
