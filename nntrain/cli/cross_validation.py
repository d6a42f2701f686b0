"""Folds for ``fit`` and ``resume``: one run per fold, then a table of all scores, or the average of the networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from nntrain.cli.messages import print_note, print_warning
from nntrain.cli.run_output import RunOutput
from nntrain.cli.summary import format_joined_summary, list_run_commands, suggest_more_time
from nntrain.cli.tables import format_table
from nntrain.cli.terminal import print_line
from nntrain.cli.training import locate_stop, read_rows, run_training
from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.old_keys import OLD_VALUES
from nntrain.config.override import Override
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.errors import ConfigError, InterruptedRunError
from nntrain.formatting import format_number
from nntrain.shell_command import format_command
from nntrain.signals.deferred_signals import DeferredSignals
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.fold_average import average_folds
from nntrain.training.resuming.requested_config import find_requested_changes, get_requested_config
from nntrain.training.resuming.resume import check_data_paths, resume_run
from nntrain.training.resuming.resume_policy import apply_overrides
from nntrain.training.row_limit import limit_to_free_memory
from nntrain.training.run_folder.data_check import check_data_unchanged
from nntrain.training.run_folder.folder_lock import lock_folder, unlock_folder
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_start import start_run
from nntrain.training.trainer import Trainer

# Keys that end a run, which cannot change once some folds are complete.
END_KEYS = ("train.epochs", "train.max_steps", "train.patience")

# The key with which complete folds are resumed.
TIME_KEY = "train.max_time"


def start_folds(
    folder: FoldsFolder, config: Config, command: list[str], *, output: RunOutput, resume: bool, force: bool
) -> None:
    """Start the runs of all folds in a folder, or resume them. If none can start, the folder does not change."""
    if resume and folder.is_started:
        lock_folder(folder.path)
        changes = find_requested_changes(get_requested_config(folder.read_config()), config, {}, print_note)
        run_folds(folder, command, changes, output=output)
        return
    folder.check_free(force)
    folder.create(force)
    folder.write_config(config)
    try:
        run_folds(folder, command, output=output)
    except BaseException:
        if not folder.get_fold(1).is_started:
            with DeferredSignals():
                folder.abandon()
        raise


def run_folds(
    folder: FoldsFolder, command: list[str], overrides: Sequence[str | Override] = (), *, output: RunOutput
) -> None:
    """Run or resume every fold that is not complete, and print the scores of all, or of the average of the networks.

    InterruptedRunError after Ctrl-C, once the fold is saved.
    """
    lock_folder(folder.path)
    config, found = apply_overrides(folder.config, overrides)
    if changed := [key for key in END_KEYS if key in found]:
        raise ConfigError(
            f"{folder.path}: {changed[0]}: cannot change for some of the folds; start another run with --out"
        )
    key = config.data.fold_keys[0]
    folds: int | None = getattr(config.data, key)
    if folds is None:
        raise ConfigError(f"{folder.config}: corrupt: data.{key} is missing")
    more_time: list[str] = []
    printed: set[str] = set()
    for number in range(1, folds + 1):
        run_folder = folder.get_fold(number)
        # A fold that is complete may have more epochs left, after its time.
        if run_folder.scores.is_file() and TIME_KEY not in found:
            continue
        click.echo(f"\nFold {number} of {folds}\n")
        try:
            run = open_fold(folder, config, number, command, overrides, printed)
            if found:
                folder.write_config(config)
            run_training(*run, run_folder, output=output, is_part=True)
            more_time = more_time or list(suggest_more_time(run[0], folder.path))
        except (InterruptedRunError, KeyboardInterrupt) as stop:
            if not folder.get_fold(1).is_started:
                raise
            raise locate_stop(stop, f"fold {number}", folder.path) from None
        folder.delete_backup()
    scores = folder.collect_scores(folds)
    if config.data.validation_folds is not None:
        click.echo(f"\n{average_and_report(folder, folds, scores, more_time)}")
        return
    unlock_folder(folder.path)
    click.echo(f"\n{format_fold_scores(scores)}\n")
    print_line(f"Run folder: {folder.path}. Next steps, with one of its runs:")
    for line in (*list_run_commands(folder.get_fold(1).path), *more_time):
        click.echo(f"  {line}")


def open_fold(
    folder: FoldsFolder,
    config: Config,
    fold: int,
    command: list[str],
    overrides: Sequence[str | Override],
    printed: set[str],
) -> tuple[Trainer, Config]:
    """Resume the run of a fold, or start it. ``printed``: notes on its rows that are not repeated.

    DataError if the rows have changed since an earlier fold.
    """
    run_folder = folder.get_fold(fold)
    if run_folder.is_started:
        return resume_run(run_folder, overrides, print_note, warn=print_warning, command=command)
    one = config.model_copy(update={"data": config.data.model_copy(update={config.data.fold_keys[1]: fold})})
    earlier = folder.get_fold(1)
    if earlier.is_started:
        check_data_paths(earlier, one, folder.path)
        one = copy_old_values(load_config(earlier.config, checks=NO_CHECKS), one)
    data = read_rows(one, printed)
    if earlier.is_started:
        check_data_unchanged(earlier, get_data_options(one), data.fingerprint, "start another run")
    return start_run(one, data, f"# fold {fold} of ../folds.toml\n", run_folder, command)


def copy_old_values(first: Config, config: Config) -> Config:
    """Return the config with those values of the first fold that had no key in versions with other defaults."""
    return config.model_copy(
        update={
            section: getattr(config, section).model_copy(
                update={key: getattr(getattr(first, section), key) for key in keys}
            )
            for section, keys in OLD_VALUES.items()
        }
    )


def average_and_report(folder: FoldsFolder, folds: int, scores: Mapping[str, Any], commands: Sequence[str]) -> str:
    """Average the networks of all folds, and return the summary, with ``commands`` among the next steps.

    InterruptedRunError after Ctrl-C.
    """
    try:
        with configure_compute(), limit_to_free_memory():
            averaged = average_folds(folder, folds, scores["mean"]["validation"], print_note)
    except KeyboardInterrupt:
        resume = format_command("resume", folder.path)
        raise InterruptedRunError(
            f"stopped before the networks were averaged; all are saved; resume with: {resume}"
        ) from None
    folder.delete_backup()
    unlock_folder(folder.path)
    headline = f"The average of {folds} networks. Its validation scores are the mean of theirs, each on its own fold."
    return format_joined_summary(headline, averaged, folder.path, commands)


def format_fold_scores(found: Mapping[str, Any]) -> str:
    """The test scores: one row for each fold, then mean and standard deviation."""
    rows = {str(number): run["test"] for number, run in enumerate(found["folds"], 1)}
    rows |= {"mean": found["mean"]["test"], "std": found["deviation"]["test"]}
    names = list(found["mean"]["test"])
    lines = [[row, *(format_number(values[name]) for name in names)] for row, values in rows.items()]
    return format_table([["test fold", *names], *lines])
