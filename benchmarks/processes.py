"""Whole processes, from the start to the end: ``nntrain fit`` beside the same written in PyTorch."""

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


def cases(settings: Settings) -> Sequence[Case]:
    """Every training, and the shortest of all commands."""
    return [*(Case(str(fit)) for fit in FITS), Case(HELP)]


def measure(case: Case, settings: Settings) -> Row:
    """Processes of both sides in turns; before, one of each, so that the files are in the system's memory."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        if case.name == HELP:
            return row(case, helped(), {IMPORT: Goal(1 / 1.2)}, settings)
        (fit,) = (fit for fit in FITS if str(fit) == case.name)
        commands = {side: command for side, command in fit.commands(settings, folder).items() if able(side)}
        told = {side: finished(command).told for side, command in commands.items()}
        if "PyTorch" in told:
            agree(folder, told["PyTorch"])
        return row(case, commands, {"PyTorch": fit.goal}, settings)


def row(case: Case, commands: dict[str, list[str]], goals: dict[str, Goal], settings: Settings) -> Row:
    """Milliseconds of each command."""
    turns = {side: lambda command=command: finished(command).seconds * 1e3 for side, command in commands.items()}
    return Row.of(case, alternate(turns, settings.rounds), goals=goals)


def helped() -> dict[str, list[str]]:
    """What does nothing but start."""
    return {OURS: [sys.executable, "-m", "nntrain", "--help"], IMPORT: [sys.executable, "-c", "import numpy"]}


def able(side: str) -> bool:
    """Whether a system is installed."""
    return side == OURS or there(side)


COMPARISON = Comparison(
    "Whole processes",
    "`nntrain fit` from the start of the process to its end, beside a script in PyTorch that reads the same file with "
    "pandas or h5py, encodes, splits, trains the same network by the same optimizer in as many epochs, scores all "
    "parts and saves the best network. `nntrain --help` stands beside `python -c 'import numpy'`: it is to take at "
    "most 1.2 times as long.",
    "ms",
    cases,
    measure,
)
