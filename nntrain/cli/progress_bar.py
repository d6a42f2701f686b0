"""Training progress: a bar on a terminal, one line per epoch otherwise."""

import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from nntrain.cli.live_bar import LiveBar
from nntrain.cli.loss_plot import SETS, EpochLosses
from nntrain.cli.messages import print_warning
from nntrain.cli.terminal import unwrap_stream
from nntrain.formatting import escape_line
from nntrain.training.callback import Callback
from nntrain.training.metrics.score_rows import select_scalars


class ProgressBar(Callback):
    """Prints epochs on stdout; on a terminal, shows steps, scores and a plot of the losses on the last lines instead.

    ``plain``: without the plot. ``read_history``: returns the lines of ``metrics.jsonl`` of earlier epochs.
    """

    def __init__(self, *, plain: bool = False, read_history: Callable[[], Sequence[Mapping[str, Any]]] = tuple) -> None:
        self.plain = plain
        self.read_history = read_history
        self.epochs = 0
        self.bar: LiveBar | None = None
        self.show_warning = warnings.showwarning

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        self.epochs = epochs
        if sys.stderr.isatty():
            plotted = not self.plain and can_plot(os.environ)
            losses = map(get_losses, self.read_history() if plotted else ())
            count = {"total": epochs * steps, "initial": (epoch - 1) * steps}
            self.bar = LiveBar(unwrap_stream(sys.stderr), plotted=plotted, losses=losses, **count)
            # Those of libraries would be printed over the bar.
            warnings.showwarning = lambda message, *args, **kwargs: self.on_warning(str(message))

    def on_step_end(self, step: int, loss: float) -> None:
        if self.bar is not None:
            self.bar.update()

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        rate = f"  rate {logs['rate']:.3g}" if "rate" in logs else ""
        best = "  best" if logs["best"] else ""
        text = escape_line(f"epoch {logs['epoch']:>3}/{self.epochs}{rate}  {format_scores(logs)}{best}")
        if self.bar is not None:
            self.bar.add_epoch(logs["epoch"], text, get_losses(logs))
        else:
            click.echo(text)

    def on_warning(self, message: str) -> None:
        with LiveBar.external_write_mode(file=unwrap_stream(sys.stderr)):
            print_warning(message)

    def on_train_end(self, reason: str) -> None:
        self.teardown()
        click.echo(escape_line(f"Done: {reason}."))

    def teardown(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None
            warnings.showwarning = self.show_warning


def can_plot(environment: Mapping[str, str]) -> bool:
    """Whether a terminal can move the cursor, and its user has not switched decorations off (https://no-color.org)."""
    return environment.get("TERM", "dumb") not in ("", "dumb") and not environment.get("NO_COLOR")


def get_losses(line: Mapping[str, Any]) -> EpochLosses:
    """Get the losses of an epoch from its line of ``metrics.jsonl``."""
    train, validation = (line.get(name, {}).get("loss") for name in SETS)
    return train, validation


def format_scores(line: dict[str, Any]) -> str:
    """The scores of an epoch on one line: ``train loss 0.51 accuracy 0.8  validation ...``."""
    splits = {name: line[name] for name in SETS if name in line}
    return "  ".join(
        " ".join([split, *(f"{name} {value:.4g}" for name, value in select_scalars(scores).items())])
        for split, scores in splits.items()
    )
