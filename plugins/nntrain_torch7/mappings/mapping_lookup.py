"""The search for mappings by nntrain's class and by Torch7's."""

from functools import lru_cache
from typing import Any

from nntrain.errors import PluginError
from nntrain.exchange import Torch7Mapping
from nntrain.hooks import PROJECT
from nntrain.hooks.hook_answers import HookAnswers
from nntrain.hooks.registry import Registry, get_registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module

HOOK = "nntrain_torch7_mappings"

# Packages whose classes have the names and fields of those of nn.
PACKAGES = ("nn", "cudnn", "cunn")

# Former names of classes.
ALIASES = {"SpatialConvolutionCUDA": "SpatialConvolution", "SpatialMaxPoolingCUDA": "SpatialMaxPooling"}


def find_mapping(cls: type[Any]) -> Torch7Mapping | None:
    """Return the mapping of an nntrain class, if any. PluginError if two plugins provide one."""
    return get_claims(get_registry()).find(cls)


def find_class(name: str) -> tuple[type[Any], Torch7Mapping] | None:
    """Return nntrain's class and the mapping of a Torch7 class, such as ``nn.Linear`` or ``cudnn.ReLU``, if any.

    PluginError if two plugins provide one, and nntrain does not.
    """
    package, _, short = name.rpartition(".")
    full = f"nn.{ALIASES.get(short, short)}" if package in PACKAGES else name
    found = group_by_torch_class(get_registry()).get(full, [])
    if len(found) > 1:
        names = " and ".join(cls.__name__ for cls in found)
        raise PluginError(f"{HOOK}: {name} is mapped to both {names}; uninstall one of their plugins")
    mapping = find_mapping(found[0]) if found else None
    return None if mapping is None else (found[0], mapping)


@lru_cache(1)
def get_claims(found: Registry) -> HookAnswers[Torch7Mapping]:
    """Return the mappings of all plugins."""
    return HookAnswers(found, HOOK, (Module, Criterion), Torch7Mapping)


@lru_cache(1)
def group_by_torch_class(found: Registry) -> dict[str, list[type[Any]]]:
    """Return nntrain's classes by Torch7's; a plugin's layer may be written as a class that reads as a built-in one."""
    index: dict[str, list[type[Any]]] = {}
    answers = get_claims(found).claims
    for cls, given in answers.items():
        for _, mapping in given:
            readers = index.setdefault(mapping.torch_class, [])
            built_in = readers and answers[readers[0]][0][0].distribution == PROJECT
            if mapping.instead is None and not built_in and cls not in readers:
                readers.append(cls)
    return index
