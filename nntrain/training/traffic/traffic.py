"""Bytes of a component in one step."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Traffic:
    """Bytes that a component reads and writes in a step.

    ``moved``: the operands and results of its array operations. ``minimum``: the arrays that it receives and returns,
    each once. ``uncached``: the part of ``moved`` that a cache does not serve (see ``CacheModel``).
    """

    moved: int = 0
    minimum: int = 0
    uncached: int = 0

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(self.moved + other.moved, self.minimum + other.minimum, self.uncached + other.uncached)

    @property
    def ratio(self) -> float | None:
        """Return moved / minimum; None without a minimum."""
        return self.moved / self.minimum if self.minimum else None

    def to_dict(self) -> dict[str, Any]:
        """Return the bytes and the ratio as JSON values."""
        return asdict(self) | {"ratio": self.ratio}
