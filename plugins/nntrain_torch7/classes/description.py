"""How one class of Torch becomes one of ours, and the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nntrain_torch7.classes.argument import Argument, Reading

__all__ = ["Description", "Fields"]

Fields = Mapping[Any, Any]
"""The fields of Torch's object."""


@dataclass(frozen=True)
class Description:
    """A class that has the same name in both.

    ``derived`` makes arguments of fields that say them in another way, such as sizes of weights; ``extra`` makes the
    fields that Torch's class needs and no argument says; their tensors of floats become those of the component's type,
    unless it ``keeps_types``. ``arrays``: our attributes for parameters and buffers, and
    Torch's fields for them; ``places`` finds them where they lie in modules inside, which ``extra`` then makes.
    ``tables``: whether output and gradient of the input are tables. ``updated`` brings the fields of an older version
    up to date. ``finished`` is called with what was made, when its arrays are in their places. ``head``: what stands
    before the fields in a file.
    """

    name: str
    arguments: tuple[Argument, ...] = ()
    derived: Callable[[Fields], dict[str, Any]] = lambda fields: {}
    extra: Callable[[Any, Reading], dict[str, Any]] = lambda component, go: {}
    arrays: Mapping[str, str] = field(default_factory=dict)
    places: Callable[[Fields], Fields] | None = None
    tables: tuple[bool, bool] = (False, False)
    version: int = 1
    updated: Callable[[Fields, int], Fields] = lambda fields, version: fields
    finished: Callable[[Any, Fields, Reading], None] = lambda component, fields, go: None
    head: Callable[[Any], Any] = lambda component: None
    keeps_types: Callable[[Any], bool] = lambda component: False
