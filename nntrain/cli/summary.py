"""The summary at the end of a run."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nntrain.cli.tables import format_class_tables, format_scores
from nntrain.data.targets.class_target import format_label
from nntrain.formatting import escape_line, format_count, format_duration
from nntrain.shell_command import format_command
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.tasks.threshold_tuning import build_threshold_metric
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer

DEFAULT_THRESHOLD = 0.5

# Maximum number of labels whose thresholds are listed.
MAX_LABELS = 10


def format_thresholds(found: Mapping[str, Any]) -> Iterator[str]:
    """The positive class and its threshold, or the thresholds of labels unless all are 0.5."""
    threshold = found.get("threshold")
    if "positive" in found:
        yield f"positive class: {found['positive']!r}, predicted if its probability is above {threshold:.6g}"
    elif isinstance(threshold, Mapping) and any(value != DEFAULT_THRESHOLD for value in threshold.values()):
        listed = ", ".join(
            f"{format_label(label)} {value:.6g}" for label, value in list(threshold.items())[:MAX_LABELS]
        )
        more = f", and {len(threshold) - MAX_LABELS} more" if len(threshold) > MAX_LABELS else ""
        yield f"labels are predicted if their probability is above: {listed}{more}"


def format_summary(trainer: Trainer, folder: RunFolder, scores: Mapping[str, Any]) -> str:
    """The duration, the best epoch, its scores on every set, the run folder, and next steps."""
    results = format_results(scores, folder.path, list_next_commands(trainer, folder))
    return "\n".join([format_length(trainer), *format_best_epoch(trainer), *results])


def format_part_summary(trainer: Trainer, scores: Mapping[str, Any]) -> str:
    """The duration of one of several runs; its best epoch and scores, unless it keeps the network of the last epoch."""
    best = [] if trainer.keeps_last else [*format_best_epoch(trainer), f"\n{format_scores(scores)}"]
    return "\n".join([format_length(trainer), *best])


def format_length(trainer: Trainer) -> str:
    """The epochs, the steps and the duration."""
    epochs, steps = format_count(trainer.epoch, "epoch"), format_count(trainer.step, "step")
    return f"{epochs}, {steps} in {format_duration(trainer.timer.seconds)}."


def format_best_epoch(trainer: Trainer) -> Iterator[str]:
    """The best epoch, and its tuned threshold."""
    rows = "validation" if trainer.splits.validation is not None else "train"
    best = trainer.best_model
    yield escape_line(f"Best epoch: {best.epoch} of {trainer.epoch}, by {rows} {best.monitor}.")
    yield from map(escape_line, format_tuned_threshold(trainer))


def format_joined_summary(headline: str, network: TrainedNetwork, folder: Path, commands: Iterable[str] = ()) -> str:
    """The ``headline``, the threshold, the scores on every set, the run folder, and next steps with ``commands``."""
    rule = {} if network.task.threshold is None else network.task.get_decision_rule()
    return "\n".join(
        [
            headline,
            *(escape_line(f"Threshold: {line}.") for line in format_thresholds(rule)),
            *format_results(network.scores, folder, [*list_run_commands(folder), *commands]),
        ]
    )


def format_results(scores: Mapping[str, Any], folder: Path, commands: Iterable[str]) -> Iterator[str]:
    """The scores on every set, the tables of the last, the run folder, and next steps."""
    last = list(scores)[-1]
    yield f"\n{format_scores(scores)}"
    for table in format_class_tables(scores[last], "scores.json contains all"):
        yield f"\nOn the {last} rows:\n{table}"
    yield ""
    yield escape_line(f"Run folder: {folder}. Next steps:")
    yield from (f"  {command}" for command in commands)


def format_tuned_threshold(trainer: Trainer) -> Iterator[str]:
    """The threshold and its origin, unless it is the default."""
    if trainer.best_model.threshold is None:
        return
    task = trainer.network.task
    task.threshold = trainer.best_model.threshold
    origin = (
        "train.threshold"
        if trainer.threshold_metric is None
        else f"by validation {build_threshold_metric(task, trainer.threshold_metric).key}"
    )
    yield from (f"Threshold, {origin}: {line}." for line in format_thresholds(task.get_decision_rule()))


def list_next_commands(trainer: Trainer, folder: RunFolder) -> Iterator[str]:
    """Commands for the next steps, with one for more epochs if they may help: a new run if a schedule has ended."""
    yield from list_run_commands(folder.path)
    if not trainer.is_extendable:
        return
    if trainer.epoch >= trainer.epochs and trainer.best_model.epoch == trainer.epoch:
        epochs = ("--set", f"train.epochs={2 * trainer.epochs}")
        if has_ended_schedule(trainer):
            longer = format_command("fit", folder.config, options=(*epochs, "--out", "OTHER_RUN"))
            yield f"{longer}    (best epoch was the last, where the schedule ends: a longer run may help)"
        else:
            longer = format_command("resume", folder.path, options=epochs)
            yield f"{longer}    (best epoch was the last: more may help)"
    else:
        yield from suggest_more_time(trainer, folder.path)


def suggest_more_time(trainer: Trainer, run: Path) -> Iterator[str]:
    """The command that continues a run, or several in a folder, whose time ran out."""
    if trainer.epoch < trainer.epochs and trainer.timer.limit is not None and trainer.timer.is_over:
        longer = format_command("resume", run, options=("--max-time", f"{2 * trainer.timer.limit:.0f}s"))
        yield f"{longer}    (time ran out before {format_count(trainer.epochs, 'epoch')})"


def has_ended_schedule(trainer: Trainer) -> bool:
    """Whether a schedule ends with the run, so that further epochs would not continue it."""
    schedules = (
        trainer.schedule,
        trainer.regularization.weight_decay_schedule,
        trainer.regularization.dropout_schedule,
    )
    return any(schedule is not None and schedule.ends_with_run(trainer.total_steps) for schedule in schedules)


def list_run_commands(run: Path) -> Iterator[str]:
    """The commands that use a run."""
    yield format_command("predict", run, "NEW_DATA", options=("-o", "predictions.csv"))
    yield format_command("evaluate", run, "OTHER_DATA")
    yield format_command("show", run)
