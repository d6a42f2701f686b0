"""How a class of ours becomes one of Torch7, and back. Public: a plugin's come in by ``nntrain_torch7_mappings``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nntrain.exchange.torch7_argument import Converter, Torch7Argument

__all__ = ["Torch7Mapping", "TorchFields"]

TorchFields = Mapping[Any, Any]
"""The fields of Torch's object: numbers are floats, tensors arrays, tables dicts, inner objects objects."""


@dataclass(frozen=True)
class Torch7Mapping:
    """Torch's class for a module or criterion of ours, and which of its fields is which of our arguments and arrays.

    ``torch``: Torch's class with its package, such as "my.Swish"; without one the package is nn. ``arguments``: the
    arguments that a field says. ``arrays``: our attributes for parameters, gradients and buffers, and Torch's fields
    for them. Both serve in both directions.

    Where that is not enough: ``derived`` makes arguments of fields that say them in another way, such as sizes of
    weights; ``extra`` makes the fields that Torch's class needs and no argument says. Tensors of floats become those of
    the component's type, unless it ``keeps_types``. ``places`` finds the arrays where they are in modules inside,
    which ``extra`` then makes. ``tables``: whether output and gradient of the input are tables. ``updated`` brings the
    fields of an older version up to date. ``finished`` is called with what was made, when its arrays are in their
    places. ``head``: what comes before the fields in a file.

    ``instead``: for a class that Torch has no counterpart for, a function that makes of a module another, which
    computes the same, of classes that Torch has. That one is written, with the parameters that it shares, and is what
    the file reads as: this goes in one direction only.
    """

    torch: str = ""
    arguments: tuple[Torch7Argument, ...] = ()
    derived: Callable[[TorchFields], dict[str, Any]] = lambda fields: {}
    extra: Callable[[Any, Converter], dict[str, Any]] = lambda component, go: {}
    arrays: Mapping[str, str] = field(default_factory=dict)
    places: Callable[[TorchFields], TorchFields] | None = None
    tables: tuple[bool, bool] = (False, False)
    version: int = 1
    updated: Callable[[TorchFields, int], TorchFields] = lambda fields, version: fields
    finished: Callable[[Any, TorchFields, Converter], None] = lambda component, fields, go: None
    head: Callable[[Any], Any] = lambda component: None
    keeps_types: Callable[[Any], bool] = lambda component: False
    instead: Callable[[Any], Any] | None = None

    @property
    def torch_class(self) -> str:
        """Torch's class with its package."""
        return self.torch if "." in self.torch else f"nn.{self.torch}"
