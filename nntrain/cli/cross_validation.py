"""What ``fit`` and ``resume`` do with folds: a run for each, and a table of their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from nntrain.cli.ending import uses
from nntrain.cli.levels import warn
from nntrain.cli.report import columns, figure
from nntrain.cli.terminal import print_line
from nntrain.cli.train import AT_ONCE, carry_out, note, read_rows
from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.errors import ConfigError, InterruptedRunError
from nntrain.shell_command import format_command
from nntrain.signals.deferred_signals import DeferredSignals
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.resuming.requested_config import find_requested_changes, get_requested_config
from nntrain.training.resuming.resume_policy import apply_overrides
from nntrain.training.resuming.run_start import check_data_paths, resume_run, start_run
from nntrain.training.run_folder.data_check import check_data_unchanged
from nntrain.training.run_folder.folder_lock import lock_folder, unlock_folder
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.trainer import Trainer

__all__ = ["begin_folds", "cross_validate"]

# Keys that end a run: folds that are done already would have ended by others.
ENDS = ("train.epochs", "train.max_steps", "train.patience")


def begin_folds(
    folder: FoldsFolder, config: Config, command: list[str], *, profiled: bool, resume: bool, force: bool
) -> None:
    """Cross-validate into a folder, or go on there. What cannot be begun leaves nothing, and replaces nothing."""
    if resume and folder.is_started:
        lock_folder(folder.path)
        again = find_requested_changes(get_requested_config(folder.read_config()), config, {}, note)
        cross_validate(folder, command, again, profiled=profiled)
        return
    folder.check_free(force)
    folder.create(config, force)
    try:
        cross_validate(folder, command, profiled=profiled)
    except BaseException:
        if not folder.get_fold(1).is_started:
            with DeferredSignals():
                folder.replaced_run.abandon()
        raise


def cross_validate(
    folder: FoldsFolder, command: list[str], overrides: Sequence[str | Override] = (), *, profiled: bool = False
) -> None:
    """Run every fold that is not done yet, from where it is, and tell the scores of all.

    InterruptedRunError after Ctrl-C, when the fold was saved.
    """
    lock_folder(folder.path)
    config, found = apply_overrides(folder.config, overrides)
    if refused := [key for key in ENDS if key in found]:
        raise ConfigError(
            f"{folder.path}: {refused[0]}: cannot change for some folds of a cross-validation; start another with --out"
        )
    folds = config.data.folds
    if folds is None:
        raise ConfigError(f"{folder.config}: damaged: data.folds is missing")
    for number in range(1, folds + 1):
        place = folder.get_fold(number)
        if place.scores.is_file():
            continue
        click.echo(f"\nFold {number} of {folds}\n")
        try:
            made = run_of(folder, config, number, command, overrides)
            if found:
                folder.write_config(config)
            carry_out(*made, place, profiled=profiled)
        except (InterruptedRunError, KeyboardInterrupt) as stop:
            if not folder.get_fold(1).is_started:
                raise
            at_once = isinstance(stop, KeyboardInterrupt) or str(stop).startswith(AT_ONCE)
            how = f"{AT_ONCE} in fold {number}" if at_once else f"stopped in fold {number} and saved"
            raise InterruptedRunError(f"{how}; go on with: {format_command('resume', folder.path)}") from None
        folder.replaced_run.delete()
    scores = folder.collect_scores(folds)
    unlock_folder(folder.path)
    click.echo(f"\n{told(scores)}\n")
    print_line(f"Everything lies in {folder.path}. Go on with one of the runs in it:")
    for use in uses(folder.get_fold(1).path):
        click.echo(f"  {use}")


def run_of(
    folder: FoldsFolder, config: Config, number: int, command: list[str], overrides: Sequence[str | Override]
) -> tuple[Trainer, Config]:
    """The run of a fold, as it was left, or a new one. DataError if its rows are not those of an earlier fold."""
    place = folder.get_fold(number)
    if place.is_started:
        return resume_run(place, overrides, note, warn=warn, command=command)
    one = config.model_copy(update={"data": config.data.model_copy(update={"fold": number})})
    earlier = folder.get_fold(1)
    if earlier.is_started:
        check_data_paths(earlier, one, folder.path)
    data = read_rows(one)
    if earlier.is_started:
        check_data_unchanged(earlier, get_data_options(one), data.fingerprint, "begin another cross-validation")
    return start_run(one, data, f"# fold {number} of ../folds.toml\n", place, command)


def told(found: Mapping[str, Any]) -> str:
    """The test scores, a row for each fold, and below them mean and standard deviation."""
    rows = {str(number): run["test"] for number, run in enumerate(found["folds"], 1)}
    rows |= {"mean": found["mean"]["test"], "deviation": found["deviation"]["test"]}
    names = list(found["mean"]["test"])
    lines = [[row, *(figure(values[name]) for name in names)] for row, values in rows.items()]
    return columns([["test, fold", *names], *lines])
