"""The registry of the classes that installed plugins provide, with their distributions."""

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
from nntrain.hooks.plugin_selection import (
    find_missing_plugins,
    get_distribution_name,
    get_name_and_version,
    is_builtin,
    is_selected,
)

# Kinds of registered objects, and the hook that provides each.
HOOK_NAMES = {
    "module": "nntrain_modules",
    "criterion": "nntrain_criterions",
    "optimizer": "nntrain_optimizers",
    "schedule": "nntrain_schedules",
    "metric": "nntrain_metrics",
    "source": "nntrain_readers",
    "importer": "nntrain_importers",
    "exporter": "nntrain_exporters",
    "logger": "nntrain_loggers",
    "engine": "nntrain_product_engines",
    "command": "nntrain_commands",
}

# Kinds with a ``name`` attribute; all others use the class name.
NAMED_KINDS = ("metric", "engine", "command")

# Environment variable: print the traceback of a broken plugin.
DEBUG_VARIABLE = "NNTRAIN_PLUGIN_DEBUG"


class PluginWarning(UserWarning):
    """A plugin failed to load; everything else works."""


@dataclass(frozen=True)
class RegisteredClass:
    """A class, its registered name, and its distribution."""

    cls: type[Any]
    kind: str
    name: str
    plugin: str
    distribution: str
    version: str


@dataclass(frozen=True)
class Plugin:
    """One entry point: the classes that it provides, or the error on loading."""

    name: str
    distribution: str
    version: str
    provides: tuple[RegisteredClass, ...] = ()
    error: str | None = None

    # For hooks that are called only when needed.
    hook: Any = field(default=None, compare=False, repr=False)


class Registry:
    """The classes of all plugins. Each is loaded separately, so a broken one does not affect the others."""

    def __init__(self, points: Iterable[EntryPoint]) -> None:
        # Built-in plugins first.
        order = sorted(points, key=lambda point: (not is_builtin(point), get_distribution_name(point), point.name))
        self.plugins = [load_plugin(point) for point in order]
        self._claims: dict[tuple[str, str], list[RegisteredClass]] = {}
        for entry in (entry for plugin in self.plugins for entry in plugin.provides):
            claims = self._claims.setdefault((entry.kind, entry.name), [])
            if claims and claims[0].distribution == PROJECT != entry.distribution:
                warn_about_plugin(
                    f"{describe_plugin(entry)}: ignored {entry.kind} {entry.name!r}: the name is built in; rename it"
                )
            else:
                claims.append(entry)

    def names(self, kind: str) -> list[str]:
        """Return the registered names of one kind, sorted."""
        return sorted(name for registered, name in self._claims if registered == kind)

    def has(self, kind: str, name: str) -> bool:
        """Whether a name of one kind is registered."""
        return (kind, name) in self._claims

    def find(self, kind: str, name: str) -> RegisteredClass:
        """Return the class of that name. UnknownNameError suggests the closest name; PluginError if two have it."""
        claims = self._claims.get((kind, name))
        if claims is None:
            other = {"module": "criterion", "criterion": "module"}.get(kind, "")
            hint = f", which is a {other}" if (other, name) in self._claims else suggest_name(name, self.names(kind))
            raise UnknownNameError(f"unknown {kind} {name!r}{hint}")
        if len(claims) > 1:
            claimed = " and ".join(f"{claim.distribution} {claim.version} ({claim.plugin})" for claim in claims)
            raise PluginError(f"{kind} {name!r} is provided by {claimed}; uninstall one of them")
        return claims[0]

    def find_conflicts(self, plugin: Plugin) -> Iterator[str]:
        """Iterate over name conflicts of a plugin with built-in classes or other plugins."""
        for entry in plugin.provides:
            claims = self._claims[entry.kind, entry.name]
            if entry not in claims:
                yield f"{entry.kind} {entry.name!r} is built in"
            elif len(claims) > 1:
                others = " and ".join(claim.distribution for claim in claims if claim != entry)
                yield f"{entry.kind} {entry.name!r} is also provided by {others}"

    def find_by_suffix(self, kind: str, path: Path) -> RegisteredClass | None:
        """Return the class of a kind whose ``suffixes`` match a file, or None."""
        found = (self.find(kind, name) for name in self.names(kind))
        return next((entry for entry in found if path.name.lower().endswith(entry.cls.suffixes)), None)


def describe_plugin(entry: RegisteredClass | Plugin) -> str:
    """Describe a plugin."""
    name = entry.plugin if isinstance(entry, RegisteredClass) else entry.name
    return f"plugin {name!r} of {entry.distribution} {entry.version}"


def warn_about_plugin(message: str) -> None:
    """Issue a PluginWarning."""
    warnings.warn(message, PluginWarning, stacklevel=2)


def load_plugin(point: EntryPoint) -> Plugin:
    """Load one entry point; an error in it becomes a warning."""
    distribution, version = get_name_and_version(point.dist) if point.dist else ("unknown", "unknown")
    plugin = Plugin(point.name, distribution, version)
    try:
        check_version(point)
        hook = build_hooks(point.load(), point.name)
        provides = tuple(iterate_classes(hook, point.name, distribution, version))
    except (Exception, SystemExit) as error:  # a plugin must not end the program
        # Python 3.11 turns an interrupt in __set_name__, e.g. of an enum, into a RuntimeError.
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        if os.environ.get(DEBUG_VARIABLE):
            traceback.print_exception(error)
        reason = str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}"
        reason = reason.splitlines()[0]
        warn_about_plugin(f"{describe_plugin(plugin)} is not loaded: {reason}")
        return replace(plugin, error=reason)
    return replace(plugin, provides=provides, hook=hook)


def check_version(point: EntryPoint) -> None:
    """Raise PluginError if the plugin's distribution requires a newer nntrain."""
    for line in () if is_builtin(point) else getattr(point.dist, "requires", None) or ():
        required = re.match(rf"{PROJECT}\s*\(?\s*>=\s*(\d+(?:\.\d+)*)", line)
        if required is None:
            continue
        from packaging.version import Version

        if Version(required[1]) > Version(__version__):
            raise PluginError(f"expected nntrain >= {required[1]}, got {__version__}; update nntrain")


def build_hooks(plugin: object, name: str) -> Any:
    """Return the hooks of one plugin, in a separate manager: a shared one drops a second entry of the same name."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    known = {name for name in vars(hookspecs) if name.startswith(f"{PROJECT}_")}
    for found in dir(plugin):
        if found not in known and hasattr(getattr(plugin, found), f"{PROJECT}_impl"):
            raise PluginError(f"unknown hook {found!r}{suggest_name(found, known)}")
    manager.register(plugin, name)
    return manager.hook


def iterate_classes(hook: Any, name: str, distribution: str, version: str) -> Iterator[RegisteredClass]:
    """Iterate over the classes that one plugin provides."""
    for kind, hook_name in HOOK_NAMES.items():
        for classes in getattr(hook, hook_name)():
            for cls in check_answer(classes, kind, hook_name):
                registered = cls.name if kind in NAMED_KINDS else get_registered_name(cls)
                yield RegisteredClass(cls, kind, registered, name, distribution, version)


def get_registered_name(cls: type) -> str:
    """Return the name of a class in configs and specs: the class name without the suffix "Schedule", or its own."""
    own = vars(cls).get("registered_name")
    return cls.__name__.removesuffix("Schedule") if own is None else str(own)


def check_answer(answer: Any, kind: str, hook: str) -> Iterable[Any]:
    """Return the answer of a hook. PluginError unless it is a list of classes, or of commands."""
    expected = "commands" if kind == "command" else "classes"
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise PluginError(f"{hook}: expected a list of {expected}, got {answer!r}")
    found = list(answer)
    for thing in found:
        if not (hasattr(thing, "name") if kind == "command" else isinstance(thing, type)):
            raise PluginError(f"{hook}: expected a list of {expected}, got the element {thing!r}")
        if kind in NAMED_KINDS and not isinstance(getattr(thing, "name", None), str):
            raise PluginError(f"{hook}: expected a name for {thing!r}; set name = ... in the class")
    return found


@cache
def get_registry() -> Registry:
    """Return the registry of this process, built on first use."""
    points = list(entry_points(group=PROJECT))
    for warning in find_missing_plugins(points):
        warn_about_plugin(warning)
    return Registry(point for point in points if is_selected(point))


@cache
def get_command_registry() -> Registry:
    """Return the registry of plugins that may provide commands: third-party ones, and built-in ones for commands."""
    points = (point for point in entry_points(group=PROJECT) if is_selected(point))
    return Registry(point for point in points if not is_builtin(point) or point.name.endswith("-commands"))
