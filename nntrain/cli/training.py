"""Train a run for ``fit`` and ``resume``, and print the network, progress and results."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from nntrain.cli.messages import print_note, print_warning
from nntrain.cli.network_table import format_network_table
from nntrain.cli.progress_bar import ProgressBar
from nntrain.cli.run_output import RunOutput
from nntrain.cli.summary import format_part_summary, format_summary, has_ended_schedule
from nntrain.cli.tables import format_table
from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.data.checks.doubtful_sets import find_doubtful_sets
from nntrain.data.checks.duplicate_rows import find_duplicate_rows
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.errors import InterruptedRunError, NntrainError
from nntrain.formatting import escape_line, format_count, format_duration
from nntrain.nn.building.factory import build_registered
from nntrain.nn.freezable import count_frozen_parameters
from nntrain.shell_command import format_command
from nntrain.training.callback_list import CallbackList
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.diagnostics.hyperparameter_summary import summarize_hyperparameters
from nntrain.training.diagnostics.layer_summary import summarize_layers
from nntrain.training.diagnostics.run_profile import ProfileRow, RunProfile
from nntrain.training.row_limit import limit_to_free_memory
from nntrain.training.run_folder.folder_lock import unlock_folder
from nntrain.training.run_folder.records import to_json
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.run_folder.run_metadata import record_duration
from nntrain.training.run_start import load_splits
from nntrain.training.traffic.cache_model import CACHE_SIZE
from nntrain.training.traffic.traffic import Traffic
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import build_unscored_error, format_resume_command, score_best_network, train


def format_profile(profile: RunProfile) -> str:
    """One line for each component, and the totals."""
    header = ["component", "%", "seconds", "calls", "µs/call", "forward", "backward"]
    counted = ["MB/step", "minimum", "ratio", "uncached"] if profile.traffic else []
    rows = [
        format_profile_row(row, profile.seconds) + (format_traffic(row.step_traffic) if counted else [])
        for row in profile.iterate_rows()
    ]
    lines = [f"{format_duration(profile.seconds)} total; a container's row excludes its modules."]
    if profile.traffic:
        moved, minimum, ratio, uncached = format_traffic(profile.traffic.total)
        lines.append(
            f"{moved} MB per step, {ratio} times the minimum of {minimum} MB; {uncached} MB of them miss a cache of "
            f"{CACHE_SIZE >> 20} MB."
        )
    return "\n".join([format_table([header + counted, *rows]), "", *lines])


def format_traffic(traffic: Traffic | None) -> list[str]:
    """Megabytes moved, the minimum, their ratio, and the megabytes that do not come from the cache."""
    if traffic is None:
        return ["-"] * 4
    megabytes = [f"{count / 1e6:,.3f}" for count in (traffic.moved, traffic.minimum, traffic.uncached)]
    ratio = "-" if traffic.ratio is None else f"{traffic.ratio:.2f}"
    return [*megabytes[:2], ratio, megabytes[2]]


def format_profile_row(row: ProfileRow, total: float) -> list[str]:
    """Percentage, seconds, calls and µs per call; for a layer or criterion also µs per forward and backward call."""
    each = {name: f"{1e6 * spent.seconds / row.calls:,.1f}" for name, spent in row.calls_by_pass.items() if row.calls}
    return [
        row.name,
        f"{100 * row.seconds / total if total else 0:.1f}",
        f"{row.seconds:.3f}",
        f"{row.calls:,}" if row.calls else "-",
        f"{1e6 * row.seconds / row.calls:,.1f}" if row.calls else "-",
        each.get("forward", "-"),
        each.get("backward", "-"),
    ]


# The message of a run that was stopped without saving.
STOPPED_AT_ONCE = "stopped at once"


def locate_stop(stop: InterruptedRunError | KeyboardInterrupt, where: str, folder: Path) -> InterruptedRunError:
    """The error of a stop in one of several runs, ``where``, with the command to resume all in ``folder``."""
    at_once = isinstance(stop, KeyboardInterrupt) or str(stop).startswith(STOPPED_AT_ONCE)
    how = f"{STOPPED_AT_ONCE} in {where}" if at_once else f"stopped in {where} and saved"
    return InterruptedRunError(f"{how}; resume with: {format_command('resume', folder)}")


def read_rows(config: Config, printed: set[str] | None = None) -> DatasetSplits:
    """Read the rows of a config, and print notes and warnings about them.

    ``printed``: those that are not repeated, which it extends: folds of the same rows have most of them in common.
    """
    known = set() if printed is None else printed

    def report(text: str, show: Callable[[str], object] = print_note) -> None:
        if text not in known:
            known.add(text)
            show(text)

    data = load_splits(config, report)
    duplicates = (found.format_warning(data.row_indices) for found in find_duplicate_rows(data.datasets))
    warnings = [*data.warnings, *duplicates, *find_doubtful_sets(data)]
    for note in data.notes:
        if note not in data.warnings:
            report(note)
    for warning in warnings:
        report(warning, print_warning)
    return data


def run_training(
    trainer: Trainer, config: Config, folder: RunFolder, *, output: RunOutput, is_part: bool = False
) -> None:
    """Train to the end and print the progress, the summary, and the profile of ``output``.

    ``is_part``: whether it is one of several runs, whose next steps are not those of the user.
    """
    try:
        train_and_report(trainer, config, folder, output=output, is_part=is_part)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"{STOPPED_AT_ONCE}; resume from the last checkpoint with: {format_resume_command(folder)}"
        ) from None


def train_and_report(trainer: Trainer, config: Config, folder: RunFolder, *, output: RunOutput, is_part: bool) -> None:
    """``run_training`` without handling of KeyboardInterrupt."""
    print_network(trainer, config, folder)
    if trainer.epoch >= trainer.epochs:
        print_note(format_complete(trainer, folder))
    for warning in trainer.find_long_warm_up():
        print_warning(warning)
    progress = ProgressBar(plain=output.plain, read_history=folder.read_metrics)
    callbacks = CallbackList(progress, [build_registered(entry, "logger") for entry in config.train.loggers])
    checkpointer = Checkpointer(trainer, folder, config.train.keep)
    profile = RunProfile(trainer, callbacks, checkpointer) if output.profiled else None
    if profile:
        count_traffic(profile)
    finish = profile.time_function("evaluation", score_best_network) if profile else score_best_network
    try:
        with profile or nullcontext():
            scores = train_and_score(trainer, config, folder, callbacks, checkpointer, finish)
    except NntrainError as error:
        if profile:
            # After another error there may be no folder, or no space on the disk.
            print_profile(profile, folder if isinstance(error, InterruptedRunError) else None)
        raise
    click.echo(format_part_summary(trainer, scores) if is_part else format_summary(trainer, folder, scores))
    if profile:
        print_profile(profile, folder)


def format_complete(trainer: Trainer, folder: RunFolder) -> str:
    """The note that a resumed run has no epochs left, and how to train longer."""
    count, more = format_count(trainer.epochs, "epoch"), ("--set", "train.epochs=NUMBER")
    if has_ended_schedule(trainer):
        longer = format_command("fit", folder.config, options=(*more, "--out", "OTHER_RUN"))
        return f"all {count} are complete, and the schedule ends with them; to train longer, start a new run: {longer}"
    return f"all {count} are complete; to train longer: {' '.join(more)}"


def train_and_score(
    trainer: Trainer,
    config: Config,
    folder: RunFolder,
    callbacks: CallbackList,
    checkpointer: Checkpointer,
    finish: Callable[[Trainer, RunFolder], dict[str, Any]],
) -> dict[str, Any]:
    """Train to the end and return the scores, which ``finish`` computes."""
    callbacks.setup(folder.logs, trainer.network.model, config.model_dump(mode="json"))
    try:
        with configure_compute(), limit_to_free_memory():
            train(trainer, folder, config.train, callbacks, checkpointer)
    finally:
        callbacks.teardown()
    try:
        with configure_compute(), limit_to_free_memory():
            scores = finish(trainer, folder)
    except KeyboardInterrupt:
        raise build_unscored_error(folder) from None
    record_duration(folder, trainer)
    folder.delete_backup()
    unlock_folder(folder.path)
    return scores


def count_traffic(profile: RunProfile) -> None:
    """Count the bytes of a step, or print why they are not in the profile."""
    try:
        with limit_to_free_memory():
            profile.count_traffic()
    except NntrainError as error:
        print_note(f"the profile does not contain the bytes per step: {error}")


def print_profile(profile: RunProfile, folder: RunFolder | None) -> None:
    """Print the profile, and write it to the run folder."""
    click.echo(f"\n{format_profile(profile)}")
    if folder is not None:
        write_text(folder.profile, to_json(profile.to_dict(), indent=2) + "\n")


def print_network(trainer: Trainer, config: Config, folder: RunFolder) -> None:
    """Print the network, its schedules and factors, and its numbers of parameters and rows."""
    model = trainer.network.model
    show_all = format_command("show", folder.path, options=("--all",))
    click.echo(format_network_table(summarize_layers(model), option=show_all))
    for line in summarize_hyperparameters(model, config):
        click.echo(escape_line(line))
    counts = ", ".join(f"{dataset.rows:,} {name}" for name, dataset in trainer.splits.datasets.items())
    frozen = count_frozen_parameters(model)
    frozen_text = f", {frozen:,} more are frozen" if frozen else ""
    click.echo(f"{trainer.w.size:,} parameters{frozen_text}; rows: {counts}.\n")
