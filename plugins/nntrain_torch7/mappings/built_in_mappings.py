"""The mappings of the built-in classes."""

from typing import Any

from nntrain.exchange import Torch7Mapping
from nntrain.hooks.registry import get_registry
from nntrain_torch7.mappings.activations import ACTIVATIONS
from nntrain_torch7.mappings.containers import CONTAINERS
from nntrain_torch7.mappings.convolutions import CONVOLUTIONS
from nntrain_torch7.mappings.criterions import CRITERIONS
from nntrain_torch7.mappings.derivation import MappingBuilder
from nntrain_torch7.mappings.linear import LINEAR
from nntrain_torch7.mappings.noise import NOISE
from nntrain_torch7.mappings.normalizations import NORMALIZATIONS
from nntrain_torch7.mappings.poolings import POOLINGS
from nntrain_torch7.mappings.resamplings import RESAMPLINGS
from nntrain_torch7.mappings.shapes import SHAPES
from nntrain_torch7.mappings.tables import TABLES

MAPPINGS: dict[str, MappingBuilder] = {
    **CONTAINERS,
    **CONVOLUTIONS,
    **CRITERIONS,
    **NORMALIZATIONS,
    **POOLINGS,
    **RESAMPLINGS,
    **SHAPES,
    **NOISE,
    **LINEAR,
    **TABLES,
    **ACTIVATIONS,
}
"""By the name of the class, which is the same in Torch7."""


def get_built_in_mappings() -> dict[type[Any], Torch7Mapping]:
    """Return the mappings by class, without classes whose family could not be loaded."""
    found = get_registry()
    kinds = {name: kind for kind in ("module", "criterion") for name in found.names(kind)}
    classes = {name: found.find(kinds[name], name).cls for name in MAPPINGS if name in kinds}
    return {cls: MAPPINGS[name](cls) for name, cls in classes.items()}
