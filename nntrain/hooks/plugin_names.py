"""A new plugin: the files of ``template``, in which Swish stands for the name of the layer."""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from nntrain.errors import ConfigError, UnknownNameError
from nntrain.files.atomic_write import HIDDEN_PREFIX
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import get_registry

__all__ = ["PluginNames", "build_plugin_names", "create_plugin"]

TEMPLATE_FOLDER = Path(__file__).parent / "template"
TEMPLATE_SUFFIX = ".template"

# What a distribution may be called here; an index takes more, but each name then has several spellings.
NAME_PATTERN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

# Layers and files of these names would stand beside what the template imports, or beside its other files.
RESERVED_NAMES = {"array", "case", "cases", "container", "criterion", "elementwise", "module", "noise", "plugin"}


@dataclass(frozen=True)
class PluginNames:
    """What one plugin is called: nntrain-hard-swish, nntrain_hard_swish, HardSwish, hard_swish."""

    distribution: str
    package: str
    layer: str
    stem: str

    def put_into(self, text: str) -> str:
        """A text or a path of the template, for this plugin."""
        swapped = {
            "nntrain-swish": self.distribution,
            "nntrain_swish": self.package,
            "Swish": self.layer,
            "swish": self.stem,
            "NNTRAIN_VERSION": version(PROJECT),
        }
        return re.sub("|".join(swapped), lambda found: swapped[found[0]], text)


def build_plugin_names(name: str) -> PluginNames:
    """The names of the plugin that is distributed as ``name``. ConfigError if it cannot be called that."""
    if not NAME_PATTERN.fullmatch(name):
        spelt = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")
        advice = f", such as {spelt!r}" if NAME_PATTERN.fullmatch(spelt) else ", such as 'nntrain-swish'"
        raise ConfigError(f"plugins new: expected small letters and digits with hyphens{advice}, got {name!r}")
    package = name.replace("-", "_")
    stem = package.removeprefix(f"{PROJECT}_")
    if not stem.isidentifier() or keyword.iskeyword(stem):
        raise ConfigError(f"plugins new: expected a name from which a module of Python can be called, got {name!r}")
    if stem in RESERVED_NAMES:
        raise ConfigError(f"plugins new: {stem!r} is a word of nntrain's own; choose another name, got {name!r}")
    return PluginNames(name, package, "".join(word.capitalize() for word in stem.split("_")), stem)


def create_plugin(name: str, folder: Path) -> PluginNames:
    """Write the plugin ``name`` into the new folder. ConfigError if a name of it or the folder is taken.

    The folder appears whole or not at all.
    """
    names = build_plugin_names(name)
    check_names_free(names)
    if folder.exists():
        raise ConfigError(f"{folder}: exists already; choose another name, or remove it")
    with create_temporary_folder(folder.parent, HIDDEN_PREFIX) as beside:
        made = beside / name
        for path, text in render_files(names).items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_text(text, encoding="utf-8")
        made.rename(folder)
    return names


def check_names_free(names: PluginNames) -> None:
    """ConfigError if Python or nntrain would find something else under a name."""
    if names.package in sys.stdlib_module_names or find_spec(names.package) is not None:
        raise ConfigError(f"plugins new: a package {names.package!r} is there already; choose another name")
    for kind in ("module", "criterion"):
        try:
            found = get_registry().find(kind, names.layer)
        except UnknownNameError:
            continue
        raise ConfigError(
            f"plugins new: {found.distribution} has a {kind} {names.layer!r} already; choose another name"
        )


def render_files(names: PluginNames) -> dict[str, str]:
    """The files of the plugin, by path."""
    return {
        names.put_into(str(path.relative_to(TEMPLATE_FOLDER)).removesuffix(TEMPLATE_SUFFIX)): names.put_into(
            path.read_text("utf-8")
        )
        for path in sorted(TEMPLATE_FOLDER.rglob(f"*{TEMPLATE_SUFFIX}"))
    }
