"""What is said at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nntrain.cli.class_tables import class_tables
from nntrain.cli.decisions import decisions
from nntrain.cli.report import counted, duration, scores_table
from nntrain.formatting import escape_line
from nntrain.shell_command import format_command
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.tasks.threshold_tuning import build_threshold_metric
from nntrain.training.trainer import Trainer

__all__ = ["ending", "uses"]

# Where all of a long table is.
IN_FILE = "scores.json has all"


def ending(run: Trainer, folder: RunFolder, scores: Mapping[str, Any]) -> str:
    """How long it took, the best epoch, its scores on every part, where all of it lies, and how to go on."""
    rows = "validation" if run.splits.validation is not None else "train"
    last = list(scores)[-1]
    return "\n".join(
        [
            f"{counted(run.epoch, 'epoch')}, {counted(run.step, 'step')} in {duration(run.timer.seconds)}.",
            escape_line(f"Best epoch: {run.best_model.epoch} of {run.epoch}, by {rows} {run.best_model.monitor}."),
            *map(escape_line, decided(run)),
            "",
            scores_table(scores),
            *(f"\nOf the {last} rows:\n{table}" for table in class_tables(scores[last], IN_FILE)),
            "",
            escape_line(f"Everything lies in {folder.path}. Go on with:"),
            *(f"  {command}" for command in commands(run, folder)),
        ]
    )


def decided(run: Trainer) -> Iterator[str]:
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
    yield from (f"Threshold, {why}: {line}." for line in decisions(task.get_decision_rule()))


def commands(run: Trainer, folder: RunFolder) -> Iterator[str]:
    """What one may want to do next. A run whose last epoch is its best may want to go on."""
    yield from uses(folder.path)
    if run.epoch >= run.epochs and run.best_model.epoch == run.epoch:
        longer = format_command("resume", folder.path, options=("--set", f"train.epochs={2 * run.epochs}"))
        yield f"{longer}    (the last epoch was the best: it may get better)"
    elif run.stop_reason is None:
        longer = format_command("resume", folder.path, options=("--max-time", "1h"))
        yield f"{longer}    (there was no time for {counted(run.epochs, 'epoch')})"


def uses(run: Path) -> Iterator[str]:
    """The commands that use a run."""
    yield format_command("predict", run, "NEW_DATA", options=("-o", "predictions.csv"))
    yield format_command("evaluate", run, "OTHER_DATA")
    yield format_command("show", run)
