"""The results of the checks of one registered class."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class CheckFailure:
    """A failed check: its case, the numbers that show it, and the likely cause."""

    check: str
    case: str
    what: str
    advice: str


@dataclass(frozen=True)
class PluginCheckResult:
    """A class of a plugin, or a plugin without classes; its checks and their failures.

    ``unchecked``: why it could not be checked, and the fix. ``exempt``: why there are no checks for it.
    ``skipped``: checks that its cases skip, with reasons. ``deprecated``: the deprecation warnings of the class.
    """

    distribution: str
    version: str
    plugin: str
    kind: str
    name: str
    cases: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    skipped: dict[str, str] = field(default_factory=dict)
    failures: tuple[CheckFailure, ...] = ()
    deprecated: tuple[str, ...] = ()
    unchecked: str | None = None
    exempt: str | None = None

    @property
    def is_passed(self) -> bool:
        """Whether no check failed."""
        return not self.failures

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {**asdict(self), "passed": self.is_passed}
