"""A page for a browser."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServedPage:
    """A page. ``refresh``: seconds after which the browser loads it again; None: never."""

    html: str
    refresh: int | None
