"""Training progress: a bar on a terminal, one line per epoch otherwise."""

import sys
from typing import Any

import click
from tqdm import tqdm

from nntrain.cli.messages import print_warning
from nntrain.cli.tables import select_scalars
from nntrain.cli.terminal import unwrap_stream
from nntrain.formatting import escape_line
from nntrain.training.callback import Callback


class ProgressBar(Callback):
    """Prints epochs on stdout; on a terminal, steps in a progress bar below."""

    def __init__(self) -> None:
        self.epochs = 0
        self.bar: tqdm[Any] | None = None

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        self.epochs = epochs
        if sys.stderr.isatty():
            count = {"total": epochs * steps, "initial": (epoch - 1) * steps}
            self.bar = tqdm(**count, unit="step", leave=False, file=unwrap_stream(sys.stderr))

    def on_step_end(self, step: int, loss: float) -> None:
        if self.bar is not None:
            self.bar.update()

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        rate = f"  rate {logs['rate']:.3g}" if "rate" in logs else ""
        best = "  best" if logs["best"] else ""
        text = escape_line(f"epoch {logs['epoch']:>3}/{self.epochs}{rate}  {format_scores(logs)}{best}")
        if self.bar is not None:
            self.bar.set_description_str(text, refresh=False)  # shown at the next step
        else:
            click.echo(text)

    def on_warning(self, message: str) -> None:
        with tqdm.external_write_mode(file=unwrap_stream(sys.stderr)):
            print_warning(message)

    def on_train_end(self, reason: str) -> None:
        self.teardown()
        click.echo(escape_line(f"Done: {reason}."))

    def teardown(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None


def format_scores(line: dict[str, Any]) -> str:
    """The scores of an epoch on one line: ``train loss 0.51 accuracy 0.8  validation ...``."""
    splits = {name: line[name] for name in ("train", "validation") if name in line}
    return "  ".join(
        " ".join([split, *(f"{name} {value:.4g}" for name, value in select_scalars(scores).items())])
        for split, scores in splits.items()
    )
