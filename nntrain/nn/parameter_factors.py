"""Factors of the learning rate and the weight decay of the parameters of a module."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
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


def iterate_factors(
    module: Module, key: FactorKey, path: str = "", outer: tuple[Factor, ...] = ()
) -> Iterator[tuple[str, Module, str, float]]:
    """Yield path, module, name and factor of each trainable parameter.

    The factor is the product of those of its module and of the containers around it.
    """
    outer = (*outer, getattr(module, key))
    for name in () if module.frozen else module.parameter_names:
        if getattr(module, name, None) is not None:
            yield path, module, name, math.prod(one.get(name, 1) if isinstance(one, dict) else one for one in outer)
    for index, child in enumerate(module.children()):
        yield from iterate_factors(child, key, f"{path}.{index}" if path else str(index), outer)


def build_factor_vector(model: Module, w: Array, key: FactorKey) -> Array | None:
    """Return the factor of each element of w, the flat parameters of ``model``; None if no module has factors.

    ArgumentError if modules share a parameter and have different factors.
    """
    if all(key not in get_spec_factors(module) for module in model.list_modules()):
        return None
    factors = np.ones_like(w)
    storage = get_storage_location(w).key
    known: dict[tuple[int, int], float] = {}
    for _, module, name, factor in iterate_factors(model, key):
        place = get_storage_location(getattr(module, name))
        if place.key != storage:
            continue
        if known.setdefault((place.start, place.stop), factor) != factor:
            raise ArgumentError(f"{module.label()}: its {name} is shared by modules with another {key}")
        view_storage(factors, place.offset, place.shape, place.strides)[...] = factor
    return factors


def group_by_factor(model: Module, key: FactorKey) -> dict[float, list[str]]:
    """Return the parameters of each factor, e.g. ``4.weight``, or ``4.*`` if all those of a module have it.

    The largest factor is first.
    """
    found: dict[float, dict[str, list[str]]] = {}
    counts: Counter[str] = Counter()
    for path, _, name, factor in iterate_factors(model, key):
        found.setdefault(factor, {}).setdefault(path, []).append(name)
        counts[path] += 1
    return {
        factor: [place for path, names in found[factor].items() for place in join_names(path, names, counts[path])]
        for factor in sorted(found, reverse=True)
    }


def join_names(path: str, names: list[str], count: int) -> list[str]:
    """Return the path of each parameter, or one for all if ``names`` are all ``count`` parameters of the module."""
    if 1 < len(names) == count:
        names = ["*"]
    return [f"{path}.{name}" if path else name for name in names]
