"""The writers of the built-in classes."""

from collections.abc import Mapping
from types import ModuleType
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
)

MODULES = (
    activations,
    arithmetic,
    containers,
    convolutions,
    normalizations,
    poolings,
    linear,
    resamplings,
    shapes,
    tables,
)


def get_built_in_writers() -> Mapping[type[Any], OnnxWriter]:
    """Return the writers by class. Families refer to classes by name, because no family imports another."""
    return {**select_writers("module", *MODULES), **select_writers("criterion", criterions)}


def select_writers(kind: str, *families: ModuleType) -> Mapping[type[Any], OnnxWriter]:
    """Return the writers of a kind, without those of classes whose family could not be loaded."""
    found = get_registry()
    known = set(found.names(kind))
    writers = {name: writer for family in families for name, writer in family.WRITERS.items() if name in known}
    return {found.find(kind, name).cls: writer for name, writer in writers.items()}
