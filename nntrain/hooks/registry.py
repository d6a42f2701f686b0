"""What the installed plugins answered: names to classes, and which distribution each came from."""

from __future__ import annotations

import os
import re
import traceback
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pluggy

from nntrain import __version__
from nntrain.errors import PluginError, UnknownNameError, nearest
from nntrain.hooks import PROJECT, specs
from nntrain.hooks.choice import absent, chosen, own, version_of

__all__ = [
    "KINDS",
    "Plugin",
    "PluginWarning",
    "Registered",
    "Registry",
    "commanders",
    "get_registered_name",
    "registry",
]

# The kind of thing, as errors call it, and the hook that brings it.
KINDS = {
    "module": "nntrain_modules",
    "criterion": "nntrain_criterions",
    "optimizer": "nntrain_optimizers",
    "schedule": "nntrain_schedules",
    "metric": "nntrain_metrics",
    "source": "nntrain_sources",
    "importer": "nntrain_importers",
    "exporter": "nntrain_exporters",
    "logger": "nntrain_events",
    "command": "nntrain_commands",
}

# Kinds whose things say their own name; all others are known by the names of their classes.
NAMED = ("metric", "command")

# Whether the trace of a broken plugin is shown.
DEBUG = "NNTRAIN_PLUGIN_DEBUG"


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
            claims = self._claims.setdefault((entry.kind, entry.name), [])
            if claims and claims[0].distribution == PROJECT != entry.distribution:
                warn(f"{who(entry)} goes without its {entry.kind} {entry.name!r}: the name is nntrain's own; rename it")
            else:
                claims.append(entry)

    def names(self, kind: str) -> list[str]:
        """The registered names of one kind, sorted."""
        return sorted(name for of, name in self._claims if of == kind)

    def has(self, kind: str, name: str) -> bool:
        """Whether a name of one kind is registered."""
        return (kind, name) in self._claims

    def find(self, kind: str, name: str) -> Registered:
        """The class of that name. UnknownNameError names the nearest; PluginError names two that claim it."""
        claims = self._claims.get((kind, name))
        if claims is None:
            raise UnknownNameError(f"unknown {kind} {name!r}{nearest(name, self.names(kind))}")
        if len(claims) > 1:
            raise PluginError(disputed(kind, name, claims))
        return claims[0]

    def contested(self, plugin: Plugin) -> Iterator[str]:
        """What a plugin brings in vain: names that are nntrain's own, or that others claim too."""
        for entry in plugin.provides:
            claims = self._claims[entry.kind, entry.name]
            if entry not in claims:
                yield f"{entry.kind} {entry.name!r} is nntrain's own"
            elif len(claims) > 1:
                others = " and ".join(claim.distribution for claim in claims if claim != entry)
                yield f"{entry.kind} {entry.name!r} is claimed by {others} too"

    def by_suffix(self, kind: str, path: Path) -> Registered | None:
        """The class of a kind whose ``suffixes`` name such a file, if there is one."""
        found = (self.find(kind, name) for name in self.names(kind))
        return next((entry for entry in found if path.name.lower().endswith(entry.cls.suffixes)), None)


def origin(point: EntryPoint) -> tuple[bool, str, str]:
    """The order in which plugins are loaded: nntrain's own first, then by distribution and name."""
    distribution = version_of(point.dist)[0] if point.dist else ""
    return distribution != PROJECT, distribution, point.name


def disputed(kind: str, name: str, claims: list[Registered]) -> str:
    """The sentence about two plugins that claim one name."""
    claimed = " and ".join(f"{claim.distribution} {claim.version} ({claim.plugin})" for claim in claims)
    return f"{kind} {name!r} is claimed by {claimed}: uninstall one of them"


def who(entry: Registered | Plugin) -> str:
    """A plugin, in words."""
    name = entry.plugin if isinstance(entry, Registered) else entry.name
    return f"plugin {name!r} of {entry.distribution} {entry.version}"


def warn(what: str) -> None:
    """One line about a plugin."""
    warnings.warn(what, PluginWarning, stacklevel=2)


def load(point: EntryPoint) -> Plugin:
    """Load one entry point; what goes wrong in it becomes one line."""
    distribution, version = version_of(point.dist) if point.dist else ("unknown", "unknown")
    plugin = Plugin(point.name, distribution, version)
    try:
        require_version(point)
        hook = hooks_of(point.load(), point.name)
        provides = tuple(answers(hook, point.name, distribution, version))
    except (Exception, SystemExit) as error:  # a plugin may end itself, but not this program
        if os.environ.get(DEBUG):
            traceback.print_exception(error)
        reason = str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}"
        reason = reason.splitlines()[0]
        warn(f"{who(plugin)} is left out: {reason}")
        return replace(plugin, error=reason)
    return replace(plugin, provides=provides, hook=hook)


def require_version(point: EntryPoint) -> None:
    """PluginError if the plugin's distribution was written for a newer nntrain."""
    for line in () if own(point) else getattr(point.dist, "requires", None) or ():
        wanted = re.match(rf"{PROJECT}\s*\(?\s*>=\s*(\d+(?:\.\d+)*)", line)
        if wanted and numbers(wanted[1]) > numbers(__version__):
            raise PluginError(f"it needs nntrain {wanted[1]} or newer, and this is {__version__}: update nntrain")


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, to be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def hooks_of(plugin: object, name: str) -> Any:
    """The hooks of one plugin, in a manager of its own: a common one drops a second entry of the same name."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    known = {name for name in vars(specs) if name.startswith(f"{PROJECT}_")}
    for found in dir(plugin):
        if found not in known and hasattr(getattr(plugin, found), f"{PROJECT}_impl"):
            raise PluginError(f"there is no hook {found!r}{nearest(found, known)}")
    manager.register(plugin, name)
    return manager.hook


def answers(hook: Any, name: str, distribution: str, version: str) -> Iterator[Registered]:
    """What one plugin answers to the hooks that bring classes."""
    for kind, asked in KINDS.items():
        for classes in getattr(hook, asked)():
            for cls in things(classes, kind, asked):
                called = cls.name if kind in NAMED else get_registered_name(cls)
                yield Registered(cls, kind, called, name, distribution, version)


def get_registered_name(cls: type) -> str:
    """The name of a class in configs and specs: that of the class, a schedule's without its suffix."""
    return cls.__name__.removesuffix("Schedule")


def things(answer: Any, kind: str, hook: str) -> Iterable[Any]:
    """What a hook was answered. PluginError unless it is a list of classes, or of commands."""
    wanted = "commands" if kind == "command" else "classes"
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise PluginError(f"{hook}: expected a list of {wanted}, got {answer!r}")
    found = list(answer)
    for thing in found:
        if not (hasattr(thing, "name") if kind == "command" else isinstance(thing, type)):
            raise PluginError(f"{hook}: expected a list of {wanted}, got one with {thing!r}")
        if kind in NAMED and not isinstance(getattr(thing, "name", None), str):
            raise PluginError(f"{hook}: expected a name for {thing!r}: say name = ... in the class")
    return found


@cache
def registry() -> Registry:
    """The registry of this process, made at the first need."""
    points = list(entry_points(group=PROJECT))
    for what in absent(points):
        warn(what)
    return Registry(point for point in points if chosen(point))


@cache
def commanders() -> Registry:
    """The registry of the plugins that may bring commands: of nntrain's own, which are many, those that say so."""
    points = (point for point in entry_points(group=PROJECT) if chosen(point))
    return Registry(point for point in points if not own(point) or point.name.endswith("-commands"))
