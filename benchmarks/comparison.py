"""A comparison: its cases, and the row of the table that each of them gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from benchmarks.pairing import Ratio, medians, ratios

__all__ = ["OURS", "PEERS", "Case", "Comparison", "Goal", "Row", "Settings", "SkippedError", "there"]

OURS = "nntrain"

# Other systems, by the module that is imported.
PEERS = {"PyTorch": "torch", "scikit-learn": "sklearn", "JAX jit": "jax"}


def there(peer: str) -> bool:
    """Whether a peer is installed; where it is not, its column is empty."""
    return find_spec(PEERS[peer]) is not None


class SkippedError(Exception):
    """Why a case cannot be tried here."""


@dataclass(frozen=True)
class Settings:
    """How long to measure, and on what."""

    quick: bool
    data: Path
    out: Path
    # Gets copies of the plots, if they are wanted elsewhere.
    plots: Path | None = None

    @property
    def rounds(self) -> int:
        """How often the sides take turns."""
        return 3 if self.quick else 7

    @property
    def seconds(self) -> float:
        """How long a turn inside a process lasts."""
        return 0.1 if self.quick else 0.3


@dataclass(frozen=True)
class Goal:
    """What a ratio is to be: at least so much, or at most."""

    bound: float
    at_most: bool = False

    def met(self, ratio: Ratio) -> bool:
        """Whether the median is within the bound."""
        return ratio.median <= self.bound if self.at_most else ratio.median >= self.bound


@dataclass(frozen=True)
class Case:
    """One row to be: its name, and how many threads, and cores, each side has; None for all there are."""

    name: str
    threads: int | None = None


@dataclass(frozen=True)
class Row:
    """What a case gave: the median of each side, and their ratios to the base."""

    case: Case
    medians: Mapping[str, float]
    ratios: Mapping[str, Ratio] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)

    @classmethod
    def of(
        cls, case: Case, taken: Mapping[str, Sequence[float]], base: str = OURS, goals: Mapping[str, Goal] | None = None
    ) -> Row:
        """The row of what ``alternate`` gave."""
        return cls(case, medians(taken), ratios(taken, base), goals or {})


@dataclass(frozen=True)
class Comparison:
    """A module's comparison. ``measure`` runs in a process of its own, with the case's threads."""

    title: str
    about: str
    unit: str
    cases: Callable[[Settings], Sequence[Case]]
    measure: Callable[[Case, Settings], Row]
    base: str = OURS
    # What is drawn or written beside the table when all rows are there; returns lines for the page.
    after: Callable[[Sequence[Row], Settings], Sequence[str]] | None = None
