"""What ``fit`` and ``resume`` do once there is a run: say what it is, train it, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from nntrain.cli.ending import ending
from nntrain.cli.levels import Level, report, warn
from nntrain.cli.profile_table import profile_table
from nntrain.cli.progress import Progress
from nntrain.cli.report import first_lines
from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.data.checks.duplicate_rows import find_duplicate_rows
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.errors import InterruptedRunError, NntrainError
from nntrain.nn.building.factory import build
from nntrain.nn.freezable import count_frozen_parameters
from nntrain.training.callback_list import CallbackList
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.diagnostics.run_profile import RunProfile
from nntrain.training.learning_rate_checks import find_long_warm_up
from nntrain.training.resuming.run_start import load_splits
from nntrain.training.row_limit import limit_to_free_memory
from nntrain.training.run_folder.folder_lock import unlock_folder
from nntrain.training.run_folder.records import to_json
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import format_resume_command, score_best_network, train

__all__ = ["AT_ONCE", "carry_out", "limits", "note", "read_rows"]


# What a run says that was not saved when it was stopped.
AT_ONCE = "stopped at once"


def read_rows(config: Config) -> DatasetSplits:
    """The rows of a config, told what was found in them; and before, if reading them takes long."""
    data = load_splits(config, note)
    for what in data.notes:
        if what not in data.warnings:
            note(what)
    for what in (
        *data.warnings,
        *(found.format_warning(data.row_indices) for found in find_duplicate_rows(data.datasets)),
    ):
        warn(what)
    return data


def note(what: str) -> None:
    """Tell of something that is worth knowing and no error."""
    report(Level.NOTE, what, err=False)


def limits(
    max_time: str | None, memory: str | None, checkpoint_every: str | None, logs: tuple[str, ...]
) -> tuple[Override, ...]:
    """What ``--max-time``, ``--memory``, ``--checkpoint-every`` and ``--log`` set in the config."""
    said = (
        ("--max-time", max_time, "train", "max_time"),
        ("--memory", memory, "data", "memory"),
        ("--checkpoint-every", checkpoint_every, "train", "checkpoint_every"),
        ("--log", logs or None, "train", "loggers"),
    )
    return tuple(Override.of_option(option, value, *path) for option, value, *path in said if value is not None)


def carry_out(run: Trainer, config: Config, folder: RunFolder, *, profiled: bool = False) -> None:
    """Train to the end, with all that is shown on the way; ``profiled``: and where the time went."""
    try:
        shown(run, config, folder, profiled=profiled)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"{AT_ONCE}; go on from the last checkpoint with: {format_resume_command(folder)}"
        ) from None


def shown(run: Trainer, config: Config, folder: RunFolder, *, profiled: bool) -> None:
    """What ``carry_out`` does, unless it is stopped."""
    tell_network(run)
    for what in find_long_warm_up(run):
        warn(what)
    listeners = CallbackList(Progress(), [build(entry, "logger") for entry in config.train.loggers])
    saver = Checkpointer(run, folder, config.train.keep)
    if not profiled:
        scores = carried_out(run, config, folder, listeners, saver)
        click.echo(ending(run, folder, scores))
        return
    profile = RunProfile(run, listeners, saver)
    try:
        with profile:
            scores = carried_out(
                run, config, folder, listeners, saver, profile.time_function("evaluation", score_best_network)
            )
    except NntrainError as error:
        # What failed may have left no folder, or no room on the disk.
        tell_profile(profile, folder if isinstance(error, InterruptedRunError) else None)
        raise
    click.echo(ending(run, folder, scores))
    tell_profile(profile, folder)


def carried_out(
    run: Trainer,
    config: Config,
    folder: RunFolder,
    listeners: CallbackList,
    saver: Checkpointer,
    finish: Callable[[Trainer, RunFolder], dict[str, Any]] = score_best_network,
) -> dict[str, Any]:
    """The scores of a run that is trained to the end; ``finish`` makes them."""
    listeners.setup(folder.logs, run.network.model, config.model_dump(mode="json"))
    try:
        with configure_compute(), limit_to_free_memory():
            train(run, folder, config.train, listeners, saver)
    finally:
        listeners.teardown()
    try:
        with configure_compute(), limit_to_free_memory():
            scores = finish(run, folder)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"stopped before all parts were scored; all is saved; go on with: {format_resume_command(folder)}"
        ) from None
    folder.replaced_run.delete()
    unlock_folder(folder.path)
    return scores


def tell_profile(profile: RunProfile, folder: RunFolder | None) -> None:
    """Print where the time went, and put it into a run folder."""
    click.echo(f"\n{profile_table(profile)}")
    if folder is not None:
        write_text(folder.profile, to_json(profile.to_dict(), indent=2) + "\n")


def tell_network(run: Trainer) -> None:
    """The network, and how many rows it learns from."""
    click.echo(first_lines(str(run.network.model), "nntrain show --all"))
    parts = {"train": run.splits.train, "validation": run.splits.validation, "test": run.splits.test}
    counts = ", ".join(f"{part.rows:,} {name}" for name, part in parts.items() if part is not None)
    still = "" if not (frozen := count_frozen_parameters(run.network.model)) else f", {frozen:,} more are frozen"
    click.echo(f"{run.w.size:,} parameters{still}; rows: {counts}.\n")
