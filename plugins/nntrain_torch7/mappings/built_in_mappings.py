"""The mappings of nntrain's own classes."""

from __future__ import annotations

from typing import Any

from nntrain.exchange import Torch7Mapping
from nntrain.hooks.registry import get_registry
from nntrain_torch7.mappings.activations import ACTIVATIONS
from nntrain_torch7.mappings.containers import CONTAINERS
from nntrain_torch7.mappings.convolutions import CONVOLUTIONS
from nntrain_torch7.mappings.criterions import CRITERIONS
from nntrain_torch7.mappings.linear import SIMPLE
from nntrain_torch7.mappings.noise import NOISE
from nntrain_torch7.mappings.normalizations import NORMALIZATIONS
from nntrain_torch7.mappings.poolings import POOLINGS
from nntrain_torch7.mappings.resamplings import RESAMPLINGS
from nntrain_torch7.mappings.shapes import SHAPES
from nntrain_torch7.mappings.tables import TABLES

__all__ = ["MAPPINGS", "get_built_in_mappings"]

FAMILIES = (
    CONTAINERS,
    CONVOLUTIONS,
    CRITERIONS,
    NORMALIZATIONS,
    POOLINGS,
    RESAMPLINGS,
    SHAPES,
    NOISE,
    SIMPLE,
    TABLES,
    ACTIVATIONS,
)

MAPPINGS: dict[str, Torch7Mapping] = {mapping.torch: mapping for family in FAMILIES for mapping in family}
"""By the name of the class, which is the same in Torch."""


def get_built_in_mappings() -> dict[type[Any], Torch7Mapping]:
    """By class, but for those that are not there because their family could not be loaded."""
    found = get_registry()
    places = {name: kind for kind in ("module", "criterion") for name in found.names(kind)}
    return {found.find(places[name], name).cls: mapping for name, mapping in MAPPINGS.items() if name in places}
