"""Checks that ``backward`` gets the input and the output shape of the last ``forward``.

Backward uses buffers that forward filled. With another input, or with cleared buffers, gradients would be wrong
without an error, or NumPy would report shapes that the caller never saw. A component keeps its last input, so in a
normal step the check is one identity test; shapes are compared only if the objects differ.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nntrain.compute.array import Value
from nntrain.errors import ModuleError, ShapeError

if TYPE_CHECKING:
    from nntrain.nn.component import Component

# Marks that clear_state dropped the buffers of the last forward pass. None instead of an input: unknown.
CLEARED = "cleared"


def check_input(component: Component, x: Value) -> None:
    """Raise ModuleError unless x has the shape of the last forward's input."""
    fed = component._fed
    if isinstance(fed, str):
        message = "expected forward(x) before backward, got none since clear_state; call it first"
        raise component.add_location(ModuleError(message))
    expected, got = get_shape(fed), get_shape(x)
    if is_different(expected, got):
        message = f"expected the input of the last forward, of shape {expected}, got {got}; call forward(x) first"
        raise component.add_location(ShapeError(message))


def check_input_size(component: Component, x: Value) -> None:
    """Apply ``check_input`` if the number of elements differs: layers may have reshaped the input."""
    fed = get_shape(component._fed)
    if isinstance(component._fed, str) or (isinstance(fed, tuple) and math.prod(fed) != math.prod(x.shape)):
        check_input(component, x)


def check_gradient(component: Component, dy: Value) -> None:
    """Raise ShapeError unless dy has the shape of the output."""
    expected, got = get_shape(component.output), get_shape(dy)
    if is_different(expected, got):
        message = f"expected grad_output of shape {expected}, as the output, got {got}"
        raise component.add_location(ShapeError(message))


def get_shape(value: Value) -> Any:
    """Return the shape of an array, a list of shapes for a list of arrays, or None."""
    if isinstance(value, list | tuple):
        return [get_shape(item) for item in value]
    return getattr(value, "shape", None)


def is_different(one: Any, other: Any) -> bool:
    """Whether both shapes are known and differ."""
    if isinstance(one, list) and isinstance(other, list):
        return any(is_different(*pair) for pair in zip(one, other, strict=False))
    return isinstance(one, tuple) and isinstance(other, tuple) and one != other
