"""The hooks by which plugins provide layers, optimizers and more."""

from typing import Any

import pluggy

__all__ = ["PROJECT", "find_imported_classes", "hookimpl", "hookspec"]

PROJECT = "nntrain"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


def find_imported_classes(names: dict[str, Any], base: type[Any]) -> tuple[type[Any], ...]:
    """Return the subclasses of ``base`` among the ``globals()`` of a module, sorted by name; not ``base`` itself."""
    classes = (cls for cls in names.values() if isinstance(cls, type) and issubclass(cls, base) and cls is not base)
    return tuple(sorted(classes, key=lambda cls: cls.__name__))
