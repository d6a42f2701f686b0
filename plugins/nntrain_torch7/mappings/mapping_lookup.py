"""Which classes have a mapping, by our class and by Torch's."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from nntrain.errors import PluginError
from nntrain.exchange import Torch7Mapping
from nntrain.hooks import PROJECT
from nntrain.hooks.hook_answers import HookAnswers
from nntrain.hooks.registry import Registry, get_registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module

__all__ = ["find_class", "find_mapping"]

HOOK = "nntrain_torch7_mappings"

# Packages whose classes have the names and fields of nn's.
PACKAGES = ("nn", "cudnn", "cunn")

# Other names that a class has had.
ALIASES = {"SpatialConvolutionCUDA": "SpatialConvolution", "SpatialMaxPoolingCUDA": "SpatialMaxPooling"}


def find_mapping(cls: type[Any]) -> Torch7Mapping | None:
    """How a class of ours is written, if Torch has something for it. PluginError if two plugins say how."""
    return get_claims(get_registry()).find(cls)


def find_class(name: str) -> tuple[type[Any], Torch7Mapping] | None:
    """Our class for Torch's, such as ``nn.Linear`` or ``cudnn.ReLU``, and how it is read; None if there is none.

    PluginError if two plugins say how, and nntrain itself does not.
    """
    package, _, short = name.rpartition(".")
    full = f"nn.{ALIASES.get(short, short)}" if package in PACKAGES else name
    found = group_by_torch_class(get_registry()).get(full, [])
    if len(found) > 1:
        ours = " and ".join(cls.__name__ for cls in found)
        raise PluginError(f"{HOOK}: {name} is claimed for {ours}: uninstall one of their plugins")
    mapping = find_mapping(found[0]) if found else None
    return None if mapping is None else (found[0], mapping)


@lru_cache(1)
def get_claims(found: Registry) -> HookAnswers[Torch7Mapping]:
    """What all plugins answer."""
    return HookAnswers(found, HOOK, (Module, Criterion), Torch7Mapping)


@lru_cache(1)
def group_by_torch_class(found: Registry) -> dict[str, list[type[Any]]]:
    """Our classes by Torch's; a plugin's layer may be written as a class that is read as one of nntrain's own."""
    index: dict[str, list[type[Any]]] = {}
    answers = get_claims(found).claims
    for cls, given in answers.items():
        for _, mapping in given:
            readers = index.setdefault(mapping.torch_class, [])
            built_in = readers and answers[readers[0]][0][0].distribution == PROJECT
            if mapping.instead is None and not built_in and cls not in readers:
                readers.append(cls)
    return index
