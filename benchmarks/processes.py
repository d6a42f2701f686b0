"""Complete processes: ``nntrain fit`` against the same program in PyTorch."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import OURS, Case, Comparison, Goal, Row, Settings, there
from benchmarks.fits import FITS, agree
from benchmarks.pairing import alternate
from benchmarks.process import finished

__all__ = ["COMPARISON"]

HELP, IMPORT = "nntrain --help", "import numpy"
REPORTED = "nntrain with its report"


def cases(settings: Settings) -> Sequence[Case]:
    """Return every training run, and the shortest command."""
    return [*(Case(str(fit)) for fit in FITS), Case(HELP)]


def measure(case: Case, settings: Settings) -> Row:
    """Run the processes of both systems in turns, after one of each to fill the page cache."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if case.name == HELP:
            return row(case, helped(), {IMPORT: Goal(1 / 1.2)}, settings)
        (fit,) = (fit for fit in FITS if str(fit) == case.name)
        commands = {side: command for side, command in fit.commands(settings, folder).items() if able(side)}
        commands[REPORTED] = [*commands[OURS], "--report"]
        outputs = {side: finished(command).output for side, command in commands.items()}
        if "PyTorch" in outputs:
            agree(folder, outputs["PyTorch"])
        return row(case, commands, {"PyTorch": fit.goal}, settings)


def row(case: Case, commands: dict[str, list[str]], goals: dict[str, Goal], settings: Settings) -> Row:
    """Measure each command, in milliseconds."""
    turns = {side: lambda command=command: finished(command).seconds * 1e3 for side, command in commands.items()}
    return Row.of(case, alternate(turns, settings.rounds), goals=goals)


def helped() -> dict[str, list[str]]:
    """Return commands that only start."""
    return {OURS: [sys.executable, "-m", "nntrain", "--help"], IMPORT: [sys.executable, "-c", "import numpy"]}


def able(side: str) -> bool:
    """Whether a system is installed."""
    return side == OURS or there(side)


COMPARISON = Comparison(
    "Whole processes",
    "`nntrain fit` from the start of the process to its end, against a PyTorch script that reads the same file with "
    "pandas or h5py, encodes, splits, trains the same network with the same optimizer and number of epochs, evaluates "
    "all sets and saves the best network. Only the last column includes nntrain's report. `nntrain --help` is compared "
    "to `python -c 'import numpy'`: the goal is at most 1.2 times as long.",
    "ms",
    cases,
    measure,
)
