"""What is said at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nntrain.cli.tables import format_class_tables, format_count, format_duration, format_scores
from nntrain.data.targets.class_target import format_label
from nntrain.formatting import escape_line
from nntrain.shell_command import format_command
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.tasks.threshold_tuning import build_threshold_metric
from nntrain.training.trainer import Trainer

__all__ = ["format_summary", "format_thresholds", "list_run_commands"]

DEFAULT_THRESHOLD = 0.5

# Labels whose thresholds are listed.
MAX_LABELS = 10


def format_thresholds(found: Mapping[str, Any]) -> Iterator[str]:
    """The positive class and its threshold, or those of labels that differ from 0.5."""
    threshold = found.get("threshold")
    if "positive" in found:
        yield f"positive class: {found['positive']!r}, predicted where its probability is above {threshold:.6g}"
    elif isinstance(threshold, Mapping) and any(value != DEFAULT_THRESHOLD for value in threshold.values()):
        listed = ", ".join(
            f"{format_label(label)} {value:.6g}" for label, value in list(threshold.items())[:MAX_LABELS]
        )
        more = f", and {len(threshold) - MAX_LABELS} more" if len(threshold) > MAX_LABELS else ""
        yield f"labels are predicted where their probability is above: {listed}{more}"


# Where all of a long table is.
SCORES_HINT = "scores.json has all"


def format_summary(run: Trainer, folder: RunFolder, scores: Mapping[str, Any]) -> str:
    """How long it took, the best epoch, its scores on every part, where all of it lies, and how to go on."""
    rows = "validation" if run.splits.validation is not None else "train"
    last = list(scores)[-1]
    return "\n".join(
        [
            f"{format_count(run.epoch, 'epoch')}, {format_count(run.step, 'step')} "
            f"in {format_duration(run.timer.seconds)}.",
            escape_line(f"Best epoch: {run.best_model.epoch} of {run.epoch}, by {rows} {run.best_model.monitor}."),
            *map(escape_line, format_tuned_threshold(run)),
            "",
            format_scores(scores),
            *(f"\nOf the {last} rows:\n{table}" for table in format_class_tables(scores[last], SCORES_HINT)),
            "",
            escape_line(f"Everything lies in {folder.path}. Go on with:"),
            *(f"  {command}" for command in list_next_commands(run, folder)),
        ]
    )


def format_tuned_threshold(run: Trainer) -> Iterator[str]:
    """The threshold, unless it is the usual one, and what chose it."""
    if run.best_model.threshold is None:
        return
    task = run.network.task
    task.threshold = run.best_model.threshold
    why = (
        "train.threshold"
        if run.threshold_metric is None
        else f"by validation {build_threshold_metric(task, run.threshold_metric).key}"
    )
    yield from (f"Threshold, {why}: {line}." for line in format_thresholds(task.get_decision_rule()))


def list_next_commands(run: Trainer, folder: RunFolder) -> Iterator[str]:
    """What one may want to do next. A run whose last epoch is its best may want to go on."""
    yield from list_run_commands(folder.path)
    if run.epoch >= run.epochs and run.best_model.epoch == run.epoch:
        longer = format_command("resume", folder.path, options=("--set", f"train.epochs={2 * run.epochs}"))
        yield f"{longer}    (the last epoch was the best: it may get better)"
    elif run.stop_reason is None:
        longer = format_command("resume", folder.path, options=("--max-time", "1h"))
        yield f"{longer}    (there was no time for {format_count(run.epochs, 'epoch')})"


def list_run_commands(run: Path) -> Iterator[str]:
    """The commands that use a run."""
    yield format_command("predict", run, "NEW_DATA", options=("-o", "predictions.csv"))
    yield format_command("evaluate", run, "OTHER_DATA")
    yield format_command("show", run)
