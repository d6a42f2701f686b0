"""The loop: steps, epochs, checkpoints, and the ways to stop."""

from __future__ import annotations

import time

import numpy as np

from nntrain.checkpoint.write import write
from nntrain.config.train_config import TrainConfig
from nntrain.errors import InterruptedRunError
from nntrain.training.events import Events
from nntrain.training.interrupt import Interrupt
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder

__all__ = ["save", "train"]


def train(run: Run, folder: RunFolder, settings: TrainConfig, events: Events) -> None:
    """Train to the end. InterruptedRunError after Ctrl-C, when the run was saved.

    When a checkpoint is written has no influence on what is computed.
    """
    saved = time.monotonic()
    events.started(run.epoch + 1, run.epochs, len(run.batches))
    # A loss that is no number is found and told in words: numpy's warnings on the way there say nothing more.
    with Interrupt() as interrupt, np.errstate(all="ignore"):
        while (why := run.finished) is None:
            loss = run.advance()
            if loss is not None:
                events.stepped(run.step, loss)
            else:
                line = run.end_epoch()
                folder.log(line)
                events.epoch_ended(line)
                if time.monotonic() - saved >= settings.checkpoint_seconds:
                    save(run, folder, settings.keep)
                    saved = time.monotonic()
            if interrupt.requested:
                save(run, folder, settings.keep)
                raise InterruptedRunError(
                    f"stopped after step {run.step} and saved; go on with: nntrain resume {folder.path}"
                )
    save(run, folder, settings.keep)
    events.ended(why)


def save(run: Run, folder: RunFolder, keep: int) -> None:
    """Write the best network, if it is new, then the checkpoint that counts on it."""
    if run.best.network is not None:
        write(folder.best, run.best.network)
        run.best.network = None
    write(folder.checkpoint(run.step), run.tree())
    folder.prune(keep)
