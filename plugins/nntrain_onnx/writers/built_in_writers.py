"""The writers of the built-in classes."""

from collections.abc import Mapping
from typing import Any

from nntrain.hooks.registry import get_registry
from nntrain_onnx.traced_array import OnnxWriter
from nntrain_onnx.writers import (
    activations,
    arithmetic,
    containers,
    convolutions,
    criterions,
    linear,
    normalizations,
    poolings,
    resamplings,
    shapes,
    tables,
    tabular,
)

FAMILIES = (
    *(activations, arithmetic, containers, convolutions, criterions, normalizations),
    *(poolings, linear, resamplings, shapes, tables, tabular),
)


def get_built_in_writers() -> Mapping[type[Any], OnnxWriter]:
    """Return the writers by class, without those of classes whose family could not be loaded.

    Families refer to classes by name, because no family imports another.
    """
    found = get_registry()
    kinds = {name: kind for kind in ("module", "criterion") for name in found.names(kind)}
    writers = {name: writer for family in FAMILIES for name, writer in family.WRITERS.items() if name in kinds}
    return {found.find(kinds[name], name).cls: writer for name, writer in writers.items()}
