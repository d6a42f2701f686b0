"""The loop: steps, epochs, checkpoints, and the ways to stop."""

from __future__ import annotations

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

    When a checkpoint is written has no influence on what is computed; nor has the clock, which only ends it: what
    is saved then goes on as if there had been no limit.
    """
    saved = run.clock.seconds
    events.started(run.epoch + 1, run.epochs, len(run.micro_batches))
    # A loss that is no number is found and told in words: numpy's warnings on the way there say nothing more.
    with run.clock as clock, Interrupt() as interrupt, np.errstate(all="ignore"):
        while (why := run.finished) is None:
            loss = run.advance()
            if loss is not None:
                events.stepped(run.step, loss)
            else:
                close_epoch(run, folder, events)
                if clock.seconds - saved >= settings.checkpoint_seconds:
                    save(run, folder, settings.keep)
                    saved = clock.seconds
            if interrupt.requested:
                save(run, folder, settings.keep)
                raise InterruptedRunError(
                    f"stopped after step {run.step} and saved; go on with: nntrain resume {folder.path}"
                )
        save(run, folder, settings.keep)
        if run.best.epoch == 0:
            # Time was over in the first epoch. What there is of it is scored, but the checkpoint knows nothing of this.
            close_epoch(run, folder, events)
            keep_best(run, folder)
    events.ended(why)


def close_epoch(run: Run, folder: RunFolder, events: Events) -> None:
    """Score the epoch and tell of it."""
    line = run.end_epoch()
    folder.log(line)
    events.epoch_ended(line)


def save(run: Run, folder: RunFolder, keep: int) -> None:
    """Write the best network, if it is new, then the checkpoint that counts on it."""
    keep_best(run, folder)
    write(folder.checkpoint(run.step), run.tree())
    folder.prune(keep)


def keep_best(run: Run, folder: RunFolder) -> None:
    """Write the best network, if it is new."""
    if run.best.network is not None:
        write(folder.best, run.best.network)
        run.best.network = None
