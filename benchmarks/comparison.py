"""A comparison: its cases and the table row of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from benchmarks.pairing import Ratio, medians, ratios
from nntrain.compute.product_engine import PRODUCTS
from nntrain.training.traffic.traffic import Traffic

__all__ = ["OURS", "PEERS", "Case", "Comparison", "Goal", "Row", "Settings", "SkippedError", "get_goal", "there"]

OURS = "nntrain"

# Other systems and the modules to import.
PEERS = {"PyTorch": "torch", "scikit-learn": "sklearn", "JAX jit": "jax"}


def there(peer: str) -> bool:
    """Whether a peer is installed; if not, its column is empty."""
    return find_spec(PEERS[peer]) is not None


class SkippedError(Exception):
    """The reason why a case is skipped."""


@dataclass(frozen=True)
class Settings:
    """Duration and data of the measurements."""

    quick: bool
    data: Path
    out: Path
    # Folder for copies of the plots, if any.
    plots: Path | None = None

    @property
    def rounds(self) -> int:
        """The number of rounds."""
        return 3 if self.quick else 7

    @property
    def seconds(self) -> float:
        """The seconds of a turn inside a process."""
        return 0.1 if self.quick else 0.3


@dataclass(frozen=True)
class Goal:
    """The goal of a ratio: a minimum or a maximum."""

    bound: float
    at_most: bool = False

    def is_met(self, ratio: Ratio) -> bool:
        """Whether the median meets the bound."""
        return ratio.median <= self.bound if self.at_most else ratio.median >= self.bound


def get_goal(with_engine: float, numpy_only: float) -> Goal:
    """Return the goal for products by another library than NumPy (see ``ProductEngine``), or by NumPy alone."""
    return Goal(numpy_only if PRODUCTS.engine is None else with_engine)


@dataclass(frozen=True)
class Case:
    """A case: its name, and the number of threads and cores per system; None: all."""

    name: str
    threads: int | None = None


@dataclass(frozen=True)
class Row:
    """The results of a case: the median of each system, and ratios to the base.

    ``traffic``: the bytes of a step of nntrain by component, if they were counted.
    """

    case: Case
    medians: Mapping[str, float]
    ratios: Mapping[str, Ratio] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    traffic: Mapping[str, Traffic] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        case: Case,
        taken: Mapping[str, Sequence[float]],
        base: str = OURS,
        goals: Mapping[str, Goal] | None = None,
        traffic: Mapping[str, Traffic] | None = None,
    ) -> Row:
        """Build the row from the results of ``alternate``."""
        return cls(case, medians(taken), ratios(taken, base), goals or {}, traffic or {})

    @property
    def step_traffic(self) -> Traffic:
        """The bytes of all components."""
        return sum(self.traffic.values(), Traffic())


@dataclass(frozen=True)
class Comparison:
    """A module's comparison. ``measure`` runs in a separate process with the case's number of threads."""

    title: str
    about: str
    unit: str
    cases: Callable[[Settings], Sequence[Case]]
    measure: Callable[[Case, Settings], Row]
    base: str = OURS
    # Called with all rows, to draw plots; returns further lines for the page.
    after: Callable[[Sequence[Row], Settings], Sequence[str]] | None = None
