"""Creation of a plugin from the files of ``template``, in which Swish is replaced by the layer's name."""

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

TEMPLATE_FOLDER = Path(__file__).parent / "template"
TEMPLATE_SUFFIX = ".template"

# Allowed names of distributions. Package indexes allow more, but with several spellings per name.
NAME_PATTERN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

# These names conflict with imports or other files of the template.
RESERVED_NAMES = {"array", "case", "cases", "container", "criterion", "elementwise", "module", "noise", "plugin"}


@dataclass(frozen=True)
class PluginNames:
    """The names of one plugin: nntrain-hard-swish, nntrain_hard_swish, HardSwish, hard_swish."""

    distribution: str
    package: str
    layer: str
    stem: str

    def render(self, text: str) -> str:
        """Replace the names in a text or path of the template."""
        replacements = {
            "nntrain-swish": self.distribution,
            "nntrain_swish": self.package,
            "Swish": self.layer,
            "swish": self.stem,
            "NNTRAIN_VERSION": version(PROJECT),
        }
        return re.sub("|".join(replacements), lambda match: replacements[match[0]], text)


def build_plugin_names(name: str) -> PluginNames:
    """Return the names for the distribution ``name``. ConfigError for an invalid name."""
    if not NAME_PATTERN.fullmatch(name):
        suggestion = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")
        advice = f", such as {suggestion!r}" if NAME_PATTERN.fullmatch(suggestion) else ", such as 'nntrain-swish'"
        raise ConfigError(f"plugins new: expected lowercase letters, digits and hyphens{advice}, got {name!r}")
    package = name.replace("-", "_")
    stem = package.removeprefix(f"{PROJECT}_")
    if not stem.isidentifier() or keyword.iskeyword(stem):
        raise ConfigError(f"plugins new: expected a name that is valid for a Python module, got {name!r}")
    if stem in RESERVED_NAMES:
        raise ConfigError(f"plugins new: {stem!r} is reserved by nntrain; choose another name, got {name!r}")
    return PluginNames(name, package, "".join(word.capitalize() for word in stem.split("_")), stem)


def create_plugin(name: str, folder: Path) -> PluginNames:
    """Write the plugin ``name`` to a new folder, atomically. ConfigError if a name or the folder exists."""
    names = build_plugin_names(name)
    check_names_free(names)
    if folder.exists():
        raise ConfigError(f"{folder}: folder exists; choose another name, or remove it")
    with create_temporary_folder(folder.parent, HIDDEN_PREFIX) as temporary:
        plugin = temporary / name
        for path, text in render_files(names).items():
            (plugin / path).parent.mkdir(parents=True, exist_ok=True)
            (plugin / path).write_text(text, encoding="utf-8")
        plugin.rename(folder)
    return names


def check_names_free(names: PluginNames) -> None:
    """Raise ConfigError if a name is already used by a Python package or a layer."""
    if names.package in sys.stdlib_module_names or find_spec(names.package) is not None:
        raise ConfigError(f"plugins new: a package {names.package!r} exists; choose another name")
    for kind in ("module", "criterion"):
        try:
            found = get_registry().find(kind, names.layer)
        except UnknownNameError:
            continue
        raise ConfigError(
            f"plugins new: {found.distribution} already has a {kind} {names.layer!r}; choose another name"
        )


def render_files(names: PluginNames) -> dict[str, str]:
    """Return the files of the plugin by path."""
    return {
        names.render(str(path.relative_to(TEMPLATE_FOLDER)).removesuffix(TEMPLATE_SUFFIX)): names.render(
            path.read_text("utf-8")
        )
        for path in sorted(TEMPLATE_FOLDER.rglob(f"*{TEMPLATE_SUFFIX}"))
    }
