"""The writers that the plugins give, and which of them a class may use."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from inspect import isfunction
from typing import Any

from nntrain.errors import CheckpointError, PluginError
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import Plugin, PluginWarning, registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain_onnx.writers.writer import Writer

__all__ = ["HOOK", "KnownWriters"]

HOOK = "nntrain_onnx_writers"

# What a subclass may override without changing what its modules compute in prediction, or its criterions read.
COMMON = {"__init__", "__repr__", "__str__", "clear_state", "double", "float", "label", "type"}
OF_MODULES = COMMON | {
    "acc_grad_parameters",
    "acc_update_grad_parameters",
    "backward",
    "backward_update",
    "drawn_by_fans",
    "feed",
    "inferred",
    "mutable_arguments",
    "output_form",
    "parameter_names",
    "reset",
    "sized_by_target",
    "slope",
    "slopes",
    "spare_grad_input",
    "update_grad_input",
    "update_parameters",
    "zero_grad_parameters",
}
OF_CRITERIONS = COMMON | {
    "backward",
    "forward",
    "mass",
    "mutable_arguments",
    "output_form",
    "paired",
    "pointwise",
    "slope",
    "update_grad_input",
    "update_output",
    "value",
    "weigh",
    "weigh_rows",
    "weighs_rows",
}


class KnownWriters:
    """The writers of all installed plugins, by class. A plugin that answers with something else is left out."""

    def __init__(self) -> None:
        self.claims: dict[type[Any], list[tuple[Plugin, Writer]]] = {}
        for plugin in registry().plugins:
            try:
                for cls, writer in list(answered(plugin)):
                    self.keep(cls, writer, plugin)
            except PluginError as error:
                warn(f"{error}; its networks go without")

    def keep(self, cls: type[Any], writer: Writer, plugin: Plugin) -> None:
        """Enter one writer, unless the class has one of nntrain's own."""
        claims = self.claims.setdefault(cls, [])
        if claims and claims[0][0].distribution == PROJECT:
            warn(f"{who(plugin)}: {HOOK}: the writer of {cls.__name__} is nntrain's own; remove it")
        else:
            claims.append((plugin, writer))

    def find(self, cls: type[Any]) -> Writer:
        """The writer of a class, or of the nearest base of which it overrides nothing that outputs depend on.

        CheckpointError if there is none, with what is overridden; PluginError if two plugins give one.
        """
        mro = cls.__mro__
        found = next((index for index, base in enumerate(mro) if base in self.claims), None)
        if found is None:
            raise CheckpointError(cls.__name__)
        base = mro[found]
        free = OF_CRITERIONS if issubclass(cls, Criterion) else OF_MODULES
        for name in (name for inner in mro[:found] for name in vars(inner)):
            if name not in free and not is_bookkeeping(name, cls) and hasattr(base, name):
                raise CheckpointError(f"{cls.__name__}, which overrides {name} of {base.__name__}")
        if len(self.claims[base]) > 1:
            givers = " and ".join(sorted(plugin.distribution for plugin, _ in self.claims[base]))
            raise PluginError(f"{HOOK}: {givers} give a writer of {base.__name__}: uninstall one of them")
        return self.claims[base][0][1]


def is_bookkeeping(name: str, cls: type[Any]) -> bool:
    """Whether a name is what Python itself keeps in a class."""
    return name == "_abc_impl" or (name.startswith("__") and not isfunction(getattr(cls, name, None)))


def who(plugin: Plugin) -> str:
    """A plugin, in words."""
    return f"plugin {plugin.name!r} of {plugin.distribution} {plugin.version}"


def warn(what: str) -> None:
    """One line about a plugin."""
    warnings.warn(what, PluginWarning, stacklevel=2)


def answered(plugin: Plugin) -> Iterator[tuple[type[Any], Writer]]:
    """What a plugin answers. PluginError, with the plugin's name, for anything but functions by class."""
    if plugin.hook is None:
        return
    where = f"{who(plugin)}: {HOOK}"
    try:
        answers = plugin.hook.nntrain_onnx_writers()
    except Exception as error:
        raise PluginError(f"{where}: {type(error).__name__}: {error}".splitlines()[0]) from error
    for answer in answers:
        if not isinstance(answer, Mapping):
            raise PluginError(f"{where}: expected a mapping of classes to functions, got {answer!r}")
        for cls, writer in answer.items():
            if not (isinstance(cls, type) and issubclass(cls, Module | Criterion) and callable(writer)):
                raise PluginError(f"{where}: expected a mapping of classes to functions, got {cls!r}: {writer!r}")
            yield cls, writer
