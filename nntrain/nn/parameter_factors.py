"""Factors of the learning rate and the weight decay of the parameters of a module."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.storage_location import get_storage_location, view_storage
from nntrain.errors import ArgumentError

if TYPE_CHECKING:
    from nntrain.nn.module import Module

# The attributes of a module, which are keys of its spec.
FactorKey: TypeAlias = Literal["learning_rate_factor", "weight_decay_factor"]
FACTOR_KEYS: tuple[FactorKey, ...] = get_args(FactorKey)

# A factor of all parameters of a module and of the modules inside, or one by parameter name; the others have 1.
Factor: TypeAlias = float | dict[str, float]


def get_spec_factors(component: Any) -> dict[str, Factor]:
    """Return the factors of a component that are not 1, by their keys in its spec."""
    found = {key: getattr(component, key, 1.0) for key in FACTOR_KEYS}
    return {
        key: dict(factor) if isinstance(factor, dict) else factor
        for key, factor in found.items()
        if factor not in (1, {})
    }


def build_factor_vector(model: Module, w: Array, key: FactorKey) -> Array | None:
    """Return the factor of each element of w, the flat parameters of ``model``; None if no module has factors.

    The factor of a parameter is the product of those of its module and of the containers around it. ArgumentError if
    modules share a parameter and have different factors.
    """
    if all(key not in get_spec_factors(module) for module in model.list_modules()):
        return None
    factors = np.ones_like(w)
    storage = get_storage_location(w).key
    known: dict[tuple[int, int], float] = {}

    def visit(module: Module, outer: tuple[Factor, ...]) -> None:
        outer = (*outer, getattr(module, key))
        for name in () if module.frozen else module.parameter_names:
            array = getattr(module, name, None)
            place = None if array is None else get_storage_location(array)
            if place is None or place.key != storage:
                continue
            factor = math.prod(one.get(name, 1) if isinstance(one, dict) else one for one in outer)
            if known.setdefault((place.start, place.stop), factor) != factor:
                raise ArgumentError(f"{module.label()}: its {name} is shared by modules with another {key}")
            view_storage(factors, place.offset, place.shape, place.strides)[...] = factor
        for child in module.children():
            visit(child, outer)

    visit(model, ())
    return factors
