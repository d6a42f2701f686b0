"""What the installed plugins answered: names to classes, and which distribution each came from."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from nntrain.errors import PluginError, UnknownNameError, nearest
from nntrain.hooks import PROJECT, specs

__all__ = ["KINDS", "Plugin", "PluginWarning", "Registered", "Registry", "registry"]

# The kind of thing, as errors call it, and the hook that brings it.
KINDS = {
    "module": "nntrain_modules",
    "criterion": "nntrain_criterions",
    "optimizer": "nntrain_optimizers",
    "schedule": "nntrain_schedules",
    "metric": "nntrain_metrics",
}


class PluginWarning(UserWarning):
    """A plugin that could not be loaded; everything else works."""


@dataclass(frozen=True)
class Registered:
    """A class, what it is registered under, and where it came from."""

    cls: type[Any]
    kind: str
    name: str
    plugin: str
    distribution: str
    version: str


@dataclass(frozen=True)
class Plugin:
    """One entry point: what it brings, or why it could not be loaded."""

    name: str
    distribution: str
    version: str
    provides: tuple[Registered, ...] = ()
    error: str | None = None

    # Its hooks, for what is asked of it only when it is needed.
    hook: Any = field(default=None, compare=False, repr=False)


class Registry:
    """The answers of all plugins. Each is loaded on its own, so a broken one harms no other."""

    def __init__(self, points: Iterable[EntryPoint]) -> None:
        self.plugins = [load(point) for point in sorted(points, key=origin)]
        self._claims: dict[tuple[str, str], list[Registered]] = {}
        for entry in (entry for plugin in self.plugins for entry in plugin.provides):
            self._claims.setdefault((entry.kind, entry.name), []).append(entry)

    def names(self, kind: str) -> list[str]:
        """The registered names of one kind, sorted."""
        return sorted(name for of, name in self._claims if of == kind)

    def find(self, kind: str, name: str) -> Registered:
        """The class of that name. UnknownNameError names the nearest; PluginError names two that claim it."""
        claims = self._claims.get((kind, name))
        if claims is None:
            raise UnknownNameError(f"unknown {kind} {name!r}{nearest(name, self.names(kind))}")
        if len(claims) > 1:
            raise PluginError(disputed(kind, name, claims))
        return claims[0]


def origin(point: EntryPoint) -> tuple[bool, str, str]:
    """The order in which plugins are loaded: nntrain's own first, then by distribution and name."""
    distribution = point.dist.name if point.dist else ""
    return distribution != PROJECT, distribution, point.name


def disputed(kind: str, name: str, claims: list[Registered]) -> str:
    """The sentence about two plugins that claim one name."""
    who = " and ".join(f"{claim.distribution} {claim.version} ({claim.plugin})" for claim in claims)
    return f"{kind} {name!r} is claimed by {who}: uninstall one of them"


def load(point: EntryPoint) -> Plugin:
    """Load one entry point; what goes wrong in it becomes one line."""
    distribution = point.dist.name if point.dist else "unknown"
    version = point.dist.version if point.dist else "unknown"
    try:
        hook = hooks_of(point.load(), point.name)
        provides = tuple(answers(hook, point.name, distribution, version))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        warnings.warn(
            f"plugin {point.name!r} of {distribution} {version} is left out: {reason}", PluginWarning, stacklevel=2
        )
        return Plugin(point.name, distribution, version, error=reason)
    return Plugin(point.name, distribution, version, provides, hook=hook)


def hooks_of(plugin: object, name: str) -> Any:
    """The hooks of one plugin, in a manager of its own: a common one drops a second entry of the same name."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    manager.register(plugin, name)
    manager.check_pending()
    return manager.hook


def answers(hook: Any, name: str, distribution: str, version: str) -> Iterator[Registered]:
    """What one plugin answers to the hooks that bring classes."""
    for kind, asked in KINDS.items():
        for classes in getattr(hook, asked)():
            for cls in classes:
                called = cls.name if kind == "metric" else cls.__name__
                yield Registered(cls, kind, called, name, distribution, version)


@cache
def registry() -> Registry:
    """The registry of this process, made at the first need."""
    return Registry(entry_points(group=PROJECT))
