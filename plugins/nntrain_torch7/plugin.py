"""The hooks of the Torch7 importer, exporter and mappings."""

from collections.abc import Mapping
from typing import Any

from nntrain.exchange import Exporter, Importer, Torch7Mapping
from nntrain.hooks import hookimpl
from nntrain.hooks.registry import get_registry
from nntrain_torch7.mappings.activations import ACTIVATIONS
from nntrain_torch7.mappings.containers import CONTAINERS
from nntrain_torch7.mappings.convolutions import CONVOLUTIONS
from nntrain_torch7.mappings.criterions import CRITERIONS
from nntrain_torch7.mappings.derivation import MappingBuilder
from nntrain_torch7.mappings.linear import LINEAR
from nntrain_torch7.mappings.normalizations import NORMALIZATIONS
from nntrain_torch7.mappings.poolings import POOLINGS
from nntrain_torch7.mappings.resamplings import RESAMPLINGS
from nntrain_torch7.mappings.shapes import SHAPES
from nntrain_torch7.mappings.tables import TABLES
from nntrain_torch7.torch7_exporter import Torch7Exporter
from nntrain_torch7.torch7_importer import Torch7Importer

MAPPINGS: dict[str, MappingBuilder] = {
    **CONTAINERS,
    **CONVOLUTIONS,
    **CRITERIONS,
    **NORMALIZATIONS,
    **POOLINGS,
    **RESAMPLINGS,
    **SHAPES,
    **LINEAR,
    **TABLES,
    **ACTIVATIONS,
}
"""By the name of the class, which is the same in Torch7."""


@hookimpl
def nntrain_importers() -> tuple[type[Importer], ...]:
    return (Torch7Importer,)


@hookimpl
def nntrain_exporters() -> tuple[type[Exporter], ...]:
    return (Torch7Exporter,)


@hookimpl
def nntrain_torch7_mappings() -> Mapping[type[Any], Torch7Mapping]:
    # Without classes whose family could not be loaded.
    found = get_registry()
    kinds = {name: kind for kind in ("module", "criterion") for name in found.names(kind)}
    classes = {name: found.find(kinds[name], name).cls for name in MAPPINGS if name in kinds}
    return {cls: MAPPINGS[name](cls) for name, cls in classes.items()}
