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
from nntrain.errors import PluginError, UnknownNameError, suggest_name
from nntrain.hooks import PROJECT, hookspecs
from nntrain.hooks.plugin_selection import find_missing_plugins, get_name_and_version, is_builtin, is_selected

__all__ = [
    "HOOK_NAMES",
    "Plugin",
    "PluginWarning",
    "RegisteredClass",
    "Registry",
    "get_command_registry",
    "get_registered_name",
    "get_registry",
]

# The kind of thing, as errors call it, and the hook that brings it.
HOOK_NAMES = {
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
NAMED_KINDS = ("metric", "command")

# Whether the trace of a broken plugin is shown.
DEBUG_VARIABLE = "NNTRAIN_PLUGIN_DEBUG"


class PluginWarning(UserWarning):
    """A plugin that could not be loaded; everything else works."""


@dataclass(frozen=True)
class RegisteredClass:
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
    provides: tuple[RegisteredClass, ...] = ()
    error: str | None = None

    # Its hooks, for what is asked of it only when it is needed.
    hook: Any = field(default=None, compare=False, repr=False)


class Registry:
    """The answers of all plugins. Each is loaded on its own, so a broken one harms no other."""

    def __init__(self, points: Iterable[EntryPoint]) -> None:
        self.plugins = [load_plugin(point) for point in sorted(points, key=get_load_order)]
        self._claims: dict[tuple[str, str], list[RegisteredClass]] = {}
        for entry in (entry for plugin in self.plugins for entry in plugin.provides):
            claims = self._claims.setdefault((entry.kind, entry.name), [])
            if claims and claims[0].distribution == PROJECT != entry.distribution:
                warn_about_plugin(
                    f"{describe_plugin(entry)} goes without its {entry.kind} {entry.name!r}: "
                    "the name is nntrain's own; rename it"
                )
            else:
                claims.append(entry)

    def names(self, kind: str) -> list[str]:
        """The registered names of one kind, sorted."""
        return sorted(name for of, name in self._claims if of == kind)

    def has(self, kind: str, name: str) -> bool:
        """Whether a name of one kind is registered."""
        return (kind, name) in self._claims

    def find(self, kind: str, name: str) -> RegisteredClass:
        """The class of that name. UnknownNameError names the nearest; PluginError names two that claim it."""
        claims = self._claims.get((kind, name))
        if claims is None:
            raise UnknownNameError(f"unknown {kind} {name!r}{suggest_name(name, self.names(kind))}")
        if len(claims) > 1:
            raise PluginError(format_conflict(kind, name, claims))
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

    def by_suffix(self, kind: str, path: Path) -> RegisteredClass | None:
        """The class of a kind whose ``suffixes`` name such a file, if there is one."""
        found = (self.find(kind, name) for name in self.names(kind))
        return next((entry for entry in found if path.name.lower().endswith(entry.cls.suffixes)), None)


def get_load_order(point: EntryPoint) -> tuple[bool, str, str]:
    """The order in which plugins are loaded: nntrain's own first, then by distribution and name."""
    distribution = get_name_and_version(point.dist)[0] if point.dist else ""
    return distribution != PROJECT, distribution, point.name


def format_conflict(kind: str, name: str, claims: list[RegisteredClass]) -> str:
    """The sentence about two plugins that claim one name."""
    claimed = " and ".join(f"{claim.distribution} {claim.version} ({claim.plugin})" for claim in claims)
    return f"{kind} {name!r} is claimed by {claimed}: uninstall one of them"


def describe_plugin(entry: RegisteredClass | Plugin) -> str:
    """A plugin, in words."""
    name = entry.plugin if isinstance(entry, RegisteredClass) else entry.name
    return f"plugin {name!r} of {entry.distribution} {entry.version}"


def warn_about_plugin(what: str) -> None:
    """One line about a plugin."""
    warnings.warn(what, PluginWarning, stacklevel=2)


def load_plugin(point: EntryPoint) -> Plugin:
    """Load one entry point; what goes wrong in it becomes one line."""
    distribution, version = get_name_and_version(point.dist) if point.dist else ("unknown", "unknown")
    plugin = Plugin(point.name, distribution, version)
    try:
        check_version(point)
        hook = build_hooks(point.load(), point.name)
        provides = tuple(iterate_classes(hook, point.name, distribution, version))
    except (Exception, SystemExit) as error:  # a plugin may end itself, but not this program
        if os.environ.get(DEBUG_VARIABLE):
            traceback.print_exception(error)
        reason = str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}"
        reason = reason.splitlines()[0]
        warn_about_plugin(f"{describe_plugin(plugin)} is left out: {reason}")
        return replace(plugin, error=reason)
    return replace(plugin, provides=provides, hook=hook)


def check_version(point: EntryPoint) -> None:
    """PluginError if the plugin's distribution was written for a newer nntrain."""
    for line in () if is_builtin(point) else getattr(point.dist, "requires", None) or ():
        wanted = re.match(rf"{PROJECT}\s*\(?\s*>=\s*(\d+(?:\.\d+)*)", line)
        if wanted and parse_version(wanted[1]) > parse_version(__version__):
            raise PluginError(f"it needs nntrain {wanted[1]} or newer, and this is {__version__}: update nntrain")


def parse_version(version: str) -> tuple[int, ...]:
    """The numbers of a version, to be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def build_hooks(plugin: object, name: str) -> Any:
    """The hooks of one plugin, in a manager of its own: a common one drops a second entry of the same name."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    known = {name for name in vars(hookspecs) if name.startswith(f"{PROJECT}_")}
    for found in dir(plugin):
        if found not in known and hasattr(getattr(plugin, found), f"{PROJECT}_impl"):
            raise PluginError(f"there is no hook {found!r}{suggest_name(found, known)}")
    manager.register(plugin, name)
    return manager.hook


def iterate_classes(hook: Any, name: str, distribution: str, version: str) -> Iterator[RegisteredClass]:
    """What one plugin answers to the hooks that bring classes."""
    for kind, asked in HOOK_NAMES.items():
        for classes in getattr(hook, asked)():
            for cls in check_answer(classes, kind, asked):
                called = cls.name if kind in NAMED_KINDS else get_registered_name(cls)
                yield RegisteredClass(cls, kind, called, name, distribution, version)


def get_registered_name(cls: type) -> str:
    """The name of a class in configs and specs: that of the class, a schedule's without its suffix."""
    return cls.__name__.removesuffix("Schedule")


def check_answer(answer: Any, kind: str, hook: str) -> Iterable[Any]:
    """What a hook was answered. PluginError unless it is a list of classes, or of commands."""
    wanted = "commands" if kind == "command" else "classes"
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise PluginError(f"{hook}: expected a list of {wanted}, got {answer!r}")
    found = list(answer)
    for thing in found:
        if not (hasattr(thing, "name") if kind == "command" else isinstance(thing, type)):
            raise PluginError(f"{hook}: expected a list of {wanted}, got one with {thing!r}")
        if kind in NAMED_KINDS and not isinstance(getattr(thing, "name", None), str):
            raise PluginError(f"{hook}: expected a name for {thing!r}: say name = ... in the class")
    return found


@cache
def get_registry() -> Registry:
    """The registry of this process, made at the first need."""
    points = list(entry_points(group=PROJECT))
    for what in find_missing_plugins(points):
        warn_about_plugin(what)
    return Registry(point for point in points if is_selected(point))


@cache
def get_command_registry() -> Registry:
    """The registry of the plugins that may bring commands: of nntrain's own, which are many, those that say so."""
    points = (point for point in entry_points(group=PROJECT) if is_selected(point))
    return Registry(point for point in points if not is_builtin(point) or point.name.endswith("-commands"))
