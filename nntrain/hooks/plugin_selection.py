"""Which of the installed plugins are to be loaded."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, EntryPoint

from nntrain.errors import suggest_name
from nntrain.hooks import PROJECT

__all__ = ["find_missing_plugins", "get_name_and_version", "is_builtin", "is_selected"]

# The distributions whose plugins may be loaded beside nntrain's own, with commas between them; all if it is not set.
PLUGINS_VARIABLE = "NNTRAIN_PLUGINS"


def is_selected(point: EntryPoint) -> bool:
    """Whether a plugin is to be loaded: nntrain's own always are."""
    names = get_selected_names()
    return names is None or is_builtin(point) or normalize_name(get_distribution_name(point)) in names


def get_selected_names() -> list[str] | None:
    """The distributions that NNTRAIN_PLUGINS names; None if it is not set."""
    names = os.environ.get(PLUGINS_VARIABLE)
    return None if names is None else [normalize_name(name) for name in names.split(",") if name.strip()]


def find_missing_plugins(points: Iterable[EntryPoint]) -> Iterator[str]:
    """What to say of distributions that are chosen and bring no plugin here."""
    there = {normalize_name(get_distribution_name(point)) for point in points}
    for name in sorted(set(get_selected_names() or ()) - there):
        near = suggest_name(name, there - {PROJECT})
        yield f"{PLUGINS_VARIABLE}: no plugin of a distribution {name!r} is installed{near}"


def get_distribution_name(point: EntryPoint) -> str:
    """The name of the distribution that an entry point is of."""
    return get_name_and_version(point.dist)[0] if point.dist is not None else ""


def normalize_name(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def is_builtin(point: EntryPoint) -> bool:
    """Whether a plugin is one of nntrain's own."""
    return point.dist is not None and get_name_and_version(point.dist)[0] == PROJECT


@cache
def get_name_and_version(distribution: Distribution) -> tuple[str, str]:
    """Name and version: every time that a distribution is asked for them, it reads all that is told of it anew."""
    return distribution.name, distribution.version
