"""What ``fit`` and ``resume`` do with folds: a run for each, and a table of their scores."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping, Sequence
from typing import Any

import click

from nntrain.cli.report import columns, figure
from nntrain.cli.train import carry_out, note, read_rows
from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.errors import InterruptedRunError, NntrainError
from nntrain.training.folds_folder import FoldsFolder
from nntrain.training.lock import lock, unlock
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder
from nntrain.training.start import begin, go_on

__all__ = ["begin_folds", "cross_validate"]


def begin_folds(
    folder: FoldsFolder, config: Config, command: list[str], *, profiled: bool, resume: bool, force: bool
) -> None:
    """Cross-validate into a folder, or go on there. What cannot be begun leaves nothing."""
    if resume and folder.begun:
        lock(folder.path)
    else:
        folder.check_free(force)
        folder.create(config)
    try:
        cross_validate(folder, command, profiled=profiled)
    except NntrainError:
        if not folder.fold(1).logged():
            unlock(folder.path)
            shutil.rmtree(folder.path)
        raise


def cross_validate(
    folder: FoldsFolder, command: list[str], overrides: Sequence[str | Override] = (), *, profiled: bool = False
) -> None:
    """Run every fold that is not done yet, from where it is, and tell the scores of all.

    InterruptedRunError after Ctrl-C, when the fold was saved.
    """
    lock(folder.path)
    config = folder.read_config()
    folds = config.data.folds
    assert folds is not None
    for number in range(1, folds + 1):
        place = folder.fold(number)
        if place.scores.is_file():
            continue
        click.echo(f"\nFold {number} of {folds}\n")
        try:
            carry_out(*run_of(config, number, place, command, overrides), place, profiled=profiled)
        except InterruptedRunError:
            raise InterruptedRunError(
                f"stopped in fold {number} and saved; go on with: nntrain resume {folder.path}"
            ) from None
    found = folder.gather(folds)
    unlock(folder.path)
    click.echo(f"\n{told(found)}\n\nEverything lies in {folder.path}. Go on with one of the runs in it:")
    one = shlex.quote(str(folder.fold(1).path))
    for told_command in (f"predict {one} NEW_DATA -o predictions.csv", f"evaluate {one} OTHER_DATA", f"show {one}"):
        click.echo(f"  nntrain {told_command}")


def run_of(
    config: Config, number: int, place: RunFolder, command: list[str], overrides: Sequence[str | Override]
) -> tuple[Run, Config]:
    """The run of a fold, as it was left, or a new one."""
    if place.begun:
        return go_on(place, overrides, note, command=command)
    one = config.model_copy(update={"data": config.data.model_copy(update={"fold": number})})
    return begin(one, read_rows(one), f"# fold {number} of ../folds.toml\n", place, command)


def told(found: Mapping[str, Any]) -> str:
    """The test scores, a row for each fold, and below them mean and standard deviation."""
    rows = {str(number): run["test"] for number, run in enumerate(found["folds"], 1)}
    rows |= {"mean": found["mean"]["test"], "deviation": found["deviation"]["test"]}
    names = list(found["mean"]["test"])
    lines = [[row, *(figure(values[name]) for name in names)] for row, values in rows.items()]
    return columns([["test, fold", *names], *lines])
