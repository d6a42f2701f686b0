"""The mappings of nntrain's own classes."""

from __future__ import annotations

from typing import Any

from nntrain.exchange import Torch7Mapping
from nntrain.hooks.registry import get_registry
from nntrain_torch7.classes.container import CONTAINERS
from nntrain_torch7.classes.convolution import CONVOLUTIONS
from nntrain_torch7.classes.criterion import CRITERIONS
from nntrain_torch7.classes.noise import NOISE
from nntrain_torch7.classes.normalization import NORMALIZATIONS
from nntrain_torch7.classes.pooling import POOLINGS
from nntrain_torch7.classes.resampling import RESAMPLINGS
from nntrain_torch7.classes.shape import SHAPE
from nntrain_torch7.classes.simple import SIMPLE
from nntrain_torch7.classes.table import TABLE
from nntrain_torch7.classes.transfer import TRANSFER

__all__ = ["DESCRIPTIONS", "built_in"]

FAMILIES = (
    CONTAINERS,
    CONVOLUTIONS,
    CRITERIONS,
    NORMALIZATIONS,
    POOLINGS,
    RESAMPLINGS,
    SHAPE,
    NOISE,
    SIMPLE,
    TABLE,
    TRANSFER,
)

DESCRIPTIONS: dict[str, Torch7Mapping] = {mapping.torch: mapping for family in FAMILIES for mapping in family}
"""By the name of the class, which is the same in Torch."""


def built_in() -> dict[type[Any], Torch7Mapping]:
    """By class, but for those that are not there because their family could not be loaded."""
    found = get_registry()
    places = {name: kind for kind in ("module", "criterion") for name in found.names(kind)}
    return {found.find(places[name], name).cls: mapping for name, mapping in DESCRIPTIONS.items() if name in places}
