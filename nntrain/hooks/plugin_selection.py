"""Selection of the installed plugins to load."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, EntryPoint

from nntrain.errors import suggest_name
from nntrain.hooks import PROJECT

# Environment variable: comma-separated distributions whose plugins are loaded besides the built-in ones; default: all.
PLUGINS_VARIABLE = "NNTRAIN_PLUGINS"


def is_selected(point: EntryPoint) -> bool:
    """Whether to load a plugin; built-in ones are always loaded."""
    names = get_selected_names()
    return names is None or is_builtin(point) or normalize_name(get_distribution_name(point)) in names


def get_selected_names() -> list[str] | None:
    """Return the distributions in NNTRAIN_PLUGINS; None if unset."""
    names = os.environ.get(PLUGINS_VARIABLE)
    return None if names is None else [normalize_name(name) for name in names.split(",") if name.strip()]


def find_missing_plugins(points: Iterable[EntryPoint]) -> Iterator[str]:
    """Iterate over warnings about selected distributions without an installed plugin."""
    installed = {normalize_name(get_distribution_name(point)) for point in points}
    for name in sorted(set(get_selected_names() or ()) - installed):
        near = suggest_name(name, installed - {PROJECT})
        yield f"{PLUGINS_VARIABLE}: no plugin of a distribution {name!r} is installed{near}"


def get_distribution_name(point: EntryPoint) -> str:
    """Return the name of an entry point's distribution."""
    return get_name_and_version(point.dist)[0] if point.dist is not None else ""


def normalize_name(name: str) -> str:
    """Normalize a distribution's name as package indexes do."""
    from packaging.utils import canonicalize_name

    return canonicalize_name(name.strip())


def is_builtin(point: EntryPoint) -> bool:
    """Whether a plugin is built in."""
    return get_distribution_name(point) == PROJECT


@cache
def get_name_and_version(distribution: Distribution) -> tuple[str, str]:
    """Return name and version, cached because each access parses the complete metadata again."""
    return distribution.name, distribution.version
