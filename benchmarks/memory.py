"""Peak memory of processes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import OURS, Case, Comparison, Row, Settings, there
from benchmarks.fits import FITS
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.systems import MODULES
from benchmarks.process import finished
from benchmarks.steps import networks

__all__ = ["COMPARISON"]

SIDES = (OURS, "PyTorch")


def cases(settings: Settings) -> Sequence[Case]:
    """Return every training run, and the steps of every network."""
    return [*(Case(str(fit)) for fit in FITS), *(Case(str(mlp)) for mlp in networks(settings))]


def measure(case: Case, settings: Settings) -> Row:
    """Run one process per system, in megabytes."""
    with TemporaryDirectory() as folder:
        commands = commands_of(case, settings, Path(folder))
        peaks = {side: [finished(commands[side]).peak / 1e6] for side in SIDES if side == OURS or there(side)}
    return Row.of(case, peaks)


def commands_of(case: Case, settings: Settings, folder: Path) -> dict[str, list[str]]:
    """Return the command of each system."""
    for fit in FITS:
        if str(fit) == case.name:
            return fit.commands(settings, folder)
    (mlp,) = (mlp for mlp in networks(settings) if str(mlp) == case.name)
    return {side: steps(side, mlp) for side in SIDES}


def steps(side: str, mlp: MLP) -> list[str]:
    """Return the command for some training steps in one system."""
    return [sys.executable, "-m", "benchmarks.scripts.steps", MODULES[side], json.dumps(asdict(mlp))]


COMPARISON = Comparison(
    "Peak memory",
    "The maximum resident memory of a process, including libraries: the complete processes from above, and twenty "
    "training steps of each network, each in a process that imports a single system.",
    "MB",
    cases,
    measure,
)
