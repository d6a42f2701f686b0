"""Which of the installed plugins are to be loaded."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, EntryPoint

from nntrain.errors import nearest
from nntrain.hooks import PROJECT

__all__ = ["absent", "chosen", "own", "version_of"]

# The distributions whose plugins may be loaded beside nntrain's own, with commas between them; all if it is not set.
CHOSEN = "NNTRAIN_PLUGINS"


def chosen(point: EntryPoint) -> bool:
    """Whether a plugin is to be loaded: nntrain's own always are."""
    names = chosen_names()
    return names is None or own(point) or plain(distribution_of(point)) in names


def chosen_names() -> list[str] | None:
    """The distributions that NNTRAIN_PLUGINS names; None if it is not set."""
    names = os.environ.get(CHOSEN)
    return None if names is None else [plain(name) for name in names.split(",") if name.strip()]


def absent(points: Iterable[EntryPoint]) -> Iterator[str]:
    """What to say of distributions that are chosen and bring no plugin here."""
    there = {plain(distribution_of(point)) for point in points}
    for name in sorted(set(chosen_names() or ()) - there):
        yield f"{CHOSEN}: no plugin of a distribution {name!r} is installed{nearest(name, there - {PROJECT})}"


def distribution_of(point: EntryPoint) -> str:
    """The name of the distribution that an entry point is of."""
    return version_of(point.dist)[0] if point.dist is not None else ""


def plain(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def own(point: EntryPoint) -> bool:
    """Whether a plugin is one of nntrain's own."""
    return point.dist is not None and version_of(point.dist)[0] == PROJECT


@cache
def version_of(distribution: Distribution) -> tuple[str, str]:
    """Name and version: every time that a distribution is asked for them, it reads all that is told of it anew."""
    return distribution.name, distribution.version
