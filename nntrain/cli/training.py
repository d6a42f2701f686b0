"""What ``fit`` and ``resume`` do once there is a run: say what it is, train it, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from nntrain.cli.message_level import MessageLevel, print_message, print_warning
from nntrain.cli.progress_bar import ProgressBar
from nntrain.cli.summary import format_summary
from nntrain.cli.tables import format_duration, format_first_lines, format_table
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
from nntrain.training.diagnostics.run_profile import ProfileRow, RunProfile
from nntrain.training.learning_rate_checks import find_long_warm_up
from nntrain.training.resuming.run_start import load_splits
from nntrain.training.row_limit import limit_to_free_memory
from nntrain.training.run_folder.folder_lock import unlock_folder
from nntrain.training.run_folder.records import to_json
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import format_resume_command, score_best_network, train

__all__ = ["STOPPED_AT_ONCE", "build_limit_overrides", "format_profile", "print_note", "read_rows", "run_training"]

PROFILE_HEADER = ["where the time went", "%", "seconds", "calls", "µs a call", "forward", "backward"]


def format_profile(profile: RunProfile) -> str:
    """A line for each thing that took time, and one for the whole."""
    whole = profile.seconds
    rows = [format_profile_row(row, whole) for row in profile.iterate_rows()]
    told = format_table([PROFILE_HEADER, *rows])
    return f"{told}\n\n{format_duration(whole)} in all; a container's time is what it adds to its modules'."


def format_profile_row(row: ProfileRow, total: float) -> list[str]:
    """Share of the whole, seconds, calls, microseconds a call; of a layer or criterion also those of both its ways."""
    each = {way: f"{1e6 * spent.seconds / row.calls:,.1f}" for way, spent in row.calls_by_pass.items() if row.calls}
    return [
        row.name,
        f"{100 * row.seconds / total if total else 0:.1f}",
        f"{row.seconds:.3f}",
        f"{row.calls:,}" if row.calls else "-",
        f"{1e6 * row.seconds / row.calls:,.1f}" if row.calls else "-",
        each.get("forward", "-"),
        each.get("backward", "-"),
    ]


# What a run says that was not saved when it was stopped.
STOPPED_AT_ONCE = "stopped at once"


def read_rows(config: Config) -> DatasetSplits:
    """The rows of a config, told what was found in them; and before, if reading them takes long."""
    data = load_splits(config, print_note)
    for what in data.notes:
        if what not in data.warnings:
            print_note(what)
    for what in (
        *data.warnings,
        *(found.format_warning(data.row_indices) for found in find_duplicate_rows(data.datasets)),
    ):
        print_warning(what)
    return data


def print_note(text: str) -> None:
    """Tell of something that is worth knowing and no error."""
    print_message(MessageLevel.NOTE, text, err=False)


def build_limit_overrides(
    max_time: str | None, memory: str | None, checkpoint_every: str | None, logs: tuple[str, ...]
) -> tuple[Override, ...]:
    """What ``--max-time``, ``--memory``, ``--checkpoint-every`` and ``--log`` set in the config."""
    said = (
        ("--max-time", max_time, "train", "max_time"),
        ("--memory", memory, "data", "memory"),
        ("--checkpoint-every", checkpoint_every, "train", "checkpoint_every"),
        ("--log", logs or None, "train", "loggers"),
    )
    return tuple(Override.from_option(option, value, *path) for option, value, *path in said if value is not None)


def run_training(run: Trainer, config: Config, folder: RunFolder, *, profiled: bool = False) -> None:
    """Train to the end, with all that is shown on the way; ``profiled``: and where the time went."""
    try:
        train_and_report(run, config, folder, profiled=profiled)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"{STOPPED_AT_ONCE}; go on from the last checkpoint with: {format_resume_command(folder)}"
        ) from None


def train_and_report(run: Trainer, config: Config, folder: RunFolder, *, profiled: bool) -> None:
    """What ``run_training`` does, unless it is stopped."""
    print_network(run)
    for what in find_long_warm_up(run):
        print_warning(what)
    listeners = CallbackList(ProgressBar(), [build(entry, "logger") for entry in config.train.loggers])
    saver = Checkpointer(run, folder, config.train.keep)
    if not profiled:
        scores = train_and_score(run, config, folder, listeners, saver)
        click.echo(format_summary(run, folder, scores))
        return
    profile = RunProfile(run, listeners, saver)
    try:
        with profile:
            scores = train_and_score(
                run, config, folder, listeners, saver, profile.time_function("evaluation", score_best_network)
            )
    except NntrainError as error:
        # What failed may have left no folder, or no room on the disk.
        print_profile(profile, folder if isinstance(error, InterruptedRunError) else None)
        raise
    click.echo(format_summary(run, folder, scores))
    print_profile(profile, folder)


def train_and_score(
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


def print_profile(profile: RunProfile, folder: RunFolder | None) -> None:
    """Print where the time went, and put it into a run folder."""
    click.echo(f"\n{format_profile(profile)}")
    if folder is not None:
        write_text(folder.profile, to_json(profile.to_dict(), indent=2) + "\n")


def print_network(run: Trainer) -> None:
    """The network, and how many rows it learns from."""
    click.echo(format_first_lines(str(run.network.model), "nntrain show --all"))
    parts = {"train": run.splits.train, "validation": run.splits.validation, "test": run.splits.test}
    counts = ", ".join(f"{part.rows:,} {name}" for name, part in parts.items() if part is not None)
    still = "" if not (frozen := count_frozen_parameters(run.network.model)) else f", {frozen:,} more are frozen"
    click.echo(f"{run.w.size:,} parameters{still}; rows: {counts}.\n")
