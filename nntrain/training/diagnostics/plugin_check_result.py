"""What the laws say of one registered class."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["CheckFailure", "PluginCheckResult"]


@dataclass(frozen=True)
class CheckFailure:
    """A law that is broken: in which case, the numbers that show it, and what is likely wrong."""

    law: str
    case: str
    what: str
    advice: str


@dataclass(frozen=True)
class PluginCheckResult:
    """A class of a plugin, or a plugin that brings none; the laws that it was held against, and what they found.

    ``unchecked``: why it could not be held against any, and what to do. ``exempt``: why there are none. ``skipped``:
    laws that its cases leave out, with reasons. ``deprecated``: the warnings of what it uses that will go.
    """

    distribution: str
    version: str
    plugin: str
    kind: str
    name: str
    cases: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    skipped: dict[str, str] = field(default_factory=dict)
    faults: tuple[CheckFailure, ...] = ()
    deprecated: tuple[str, ...] = ()
    unchecked: str | None = None
    exempt: str | None = None

    @property
    def is_passed(self) -> bool:
        """Whether no law is broken."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON values."""
        return {**asdict(self), "passed": self.is_passed}
