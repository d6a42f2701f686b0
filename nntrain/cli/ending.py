"""What is said at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nntrain.cli.class_tables import class_tables
from nntrain.cli.decisions import decisions
from nntrain.cli.report import counted, duration, scores_table
from nntrain.shell import nntrain_command
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder
from nntrain.training.tuned_threshold import tuning_metric
from nntrain.visible import one_line

__all__ = ["ending", "uses"]

# Where all of a long table is.
IN_FILE = "scores.json has all"


def ending(run: Run, folder: RunFolder, scores: Mapping[str, Any]) -> str:
    """How long it took, the best epoch, its scores on every part, where all of it lies, and how to go on."""
    rows = "validation" if run.data.validation is not None else "train"
    last = list(scores)[-1]
    return "\n".join(
        [
            f"{counted(run.epoch, 'epoch')}, {counted(run.step, 'step')} in {duration(run.clock.seconds)}.",
            one_line(f"Best epoch: {run.best.epoch} of {run.epoch}, by {rows} {run.best.monitor}."),
            *map(one_line, decided(run)),
            "",
            scores_table(scores),
            *(f"\nOf the {last} rows:\n{table}" for table in class_tables(scores[last], IN_FILE)),
            "",
            one_line(f"Everything lies in {folder.path}. Go on with:"),
            *(f"  {command}" for command in commands(run, folder)),
        ]
    )


def decided(run: Run) -> Iterator[str]:
    """The threshold, unless it is the usual one, and what chose it."""
    if run.best.threshold is None:
        return
    task = run.network.task
    task.threshold = run.best.threshold
    why = "train.threshold" if run.tuning is None else f"by validation {tuning_metric(task, run.tuning).key}"
    yield from (f"Threshold, {why}: {line}." for line in decisions(task.decision()))


def commands(run: Run, folder: RunFolder) -> Iterator[str]:
    """What one may want to do next. A run whose last epoch is its best may want to go on."""
    yield from uses(folder.path)
    if run.epoch >= run.epochs and run.best.epoch == run.epoch:
        longer = nntrain_command("resume", folder.path, options=("--set", f"train.epochs={2 * run.epochs}"))
        yield f"{longer}    (the last epoch was the best: it may get better)"
    elif run.finished is None:
        longer = nntrain_command("resume", folder.path, options=("--max-time", "1h"))
        yield f"{longer}    (there was no time for {counted(run.epochs, 'epoch')})"


def uses(run: Path) -> Iterator[str]:
    """The commands that use a run."""
    yield nntrain_command("predict", run, "NEW_DATA", options=("-o", "predictions.csv"))
    yield nntrain_command("evaluate", run, "OTHER_DATA")
    yield nntrain_command("show", run)
