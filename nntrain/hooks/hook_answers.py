"""What the plugins answer to a hook that maps classes to something, such as how they are written to a file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from nntrain.errors import PluginError
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import Plugin, PluginWarning, Registry

__all__ = ["HookAnswers"]

T = TypeVar("T")


class HookAnswers(Generic[T]):
    """The answers to ``hook`` of all plugins, by class.

    ``base``: of which the classes must be subclasses; ``kind``: of which the answers must be. A plugin that answers
    something else goes without, with a warning that names it.
    """

    def __init__(self, registry: Registry, hook: str, base: Any, kind: type[T]) -> None:
        self.hook = hook
        self.claims: dict[type[Any], list[tuple[Plugin, T]]] = {}
        for plugin in registry.plugins:
            try:
                for cls, value in list(self._answered(plugin, base, kind)):
                    self._keep(cls, value, plugin)
            except PluginError as error:
                warn_about_plugin(f"{error}; its networks go without")

    def find(self, cls: type[Any]) -> T | None:
        """The answer for a class, if there is one. PluginError if two plugins give one."""
        claims = self.claims.get(cls)
        if claims is None:
            return None
        if len(claims) > 1:
            givers = " and ".join(sorted(plugin.distribution for plugin, _ in claims))
            raise PluginError(f"{self.hook}: {givers} answer for {cls.__name__}: uninstall one of them")
        return claims[0][1]

    def _keep(self, cls: type[Any], value: T, plugin: Plugin) -> None:
        claims = self.claims.setdefault(cls, [])
        if claims and claims[0][0].distribution == PROJECT:
            warn_about_plugin(
                f"{describe_plugin(plugin)}: {self.hook}: the answer for {cls.__name__} is built in; remove yours"
            )
        else:
            claims.append((plugin, value))

    def _answered(self, plugin: Plugin, base: Any, kind: type[T]) -> Iterator[tuple[type[Any], T]]:
        """What a plugin answers. PluginError, with the plugin's name, for anything but ``kind`` by class."""
        if plugin.hook is None:
            return
        where = f"{describe_plugin(plugin)}: {self.hook}"
        try:
            answers = getattr(plugin.hook, self.hook)()
        except Exception as error:
            raise PluginError(f"{where}: {type(error).__name__}: {error}".splitlines()[0]) from error
        wanted = f"expected classes, each with a {kind.__name__}"
        for answer in answers:
            if not isinstance(answer, Mapping):
                raise PluginError(f"{where}: {wanted}, got {answer!r}")
            for cls, value in answer.items():
                if not (isinstance(cls, type) and issubclass(cls, base) and isinstance(value, kind)):
                    raise PluginError(f"{where}: {wanted}, got {cls!r}: {value!r}")
                yield cls, value


def describe_plugin(plugin: Plugin) -> str:
    """A plugin, in words."""
    return f"plugin {plugin.name!r} of {plugin.distribution} {plugin.version}"


def warn_about_plugin(what: str) -> None:
    """One line about a plugin."""
    warnings.warn(what, PluginWarning, stacklevel=2)
