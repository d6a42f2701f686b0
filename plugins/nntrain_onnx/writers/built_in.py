"""The writers of nntrain's own classes."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from nntrain.hooks.registry import get_registry
from nntrain_onnx.writers import (
    activations,
    arithmetic,
    containers,
    convolutions,
    criterions,
    normalizations,
    poolings,
    products,
    resamplings,
    shapes,
    tables,
)
from nntrain_onnx.writers.writer import Writer

__all__ = ["built_in"]

MODULES = (
    activations,
    arithmetic,
    containers,
    convolutions,
    normalizations,
    poolings,
    products,
    resamplings,
    shapes,
    tables,
)


def built_in() -> Mapping[type[Any], Writer]:
    """The writers by class. Families name their classes, because no family imports another."""
    return {**by_class("module", *MODULES), **by_class("criterion", criterions)}


def by_class(kind: str, *families: ModuleType) -> Mapping[type[Any], Writer]:
    """The writers of a kind, but for classes that are not there because their family could not be loaded."""
    found = get_registry()
    known = set(found.names(kind))
    writers = {name: writer for family in families for name, writer in family.WRITERS.items() if name in known}
    return {found.find(kind, name).cls: writer for name, writer in writers.items()}
