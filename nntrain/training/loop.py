"""The loop: steps, epochs, checkpoints, and the ways to stop."""

from __future__ import annotations

import numpy as np

from nntrain.checkpoint.write import write
from nntrain.config.train_config import TrainConfig
from nntrain.errors import CheckpointError, DivergenceError, InterruptedRunError, NntrainError, RunError
from nntrain.refusal import refusal
from nntrain.shell import nntrain_command
from nntrain.training.divergence import settle
from nntrain.training.due import Due
from nntrain.training.events import Events
from nntrain.training.interrupt import Interrupt
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder, step_of
from nntrain.training.saver import Saver

__all__ = ["resuming", "train"]


def train(run: Run, folder: RunFolder, settings: TrainConfig, events: Events, saver: Saver | None = None) -> None:
    """Train to the end. InterruptedRunError after Ctrl-C, when the run was saved; DivergenceError.

    When a checkpoint is written has no influence on what is computed; nor has the clock, which only ends it: what
    is saved then goes on as if there had been no limit. ``saver``: what writes checkpoints, where somebody watches it.
    """
    saver = Saver(run, folder, settings.keep) if saver is None else saver
    try:
        why = trained(run, folder, settings, events, saver)
    except DivergenceError as error:
        raise settle(error, run, folder, saver) from None
    events.ended(why)


def trained(run: Run, folder: RunFolder, settings: TrainConfig, events: Events, saver: Saver) -> str:
    """Train to the end, and return why that is the end. DivergenceError, InterruptedRunError."""
    due = Due(settings.checkpoint_interval, run)
    events.started(run.epoch + 1, run.epochs, len(run.micro_batches))
    # A loss that is no number is found and told in words: numpy's warnings on the way there say nothing more.
    with run.clock, Interrupt() as interrupt, saver, np.errstate(all="ignore"):
        while (why := run.finished) is None:
            loss = run.advance()
            if loss is not None:
                events.stepped(run.step, loss)
            else:
                close_epoch(run, folder, events)
            if interrupt.requested:
                raise stopped(run, folder, saver)
            if (due.now or interrupt.saves) and not saver.busy:
                tell_failure(saver, events)
                saver.begin()
                due.begin()
                interrupt.saves = False
        saver.save()
        if interrupt.requested:
            raise InterruptedRunError(
                f"stopped before all parts were scored; all is saved; go on with: {resuming(folder)}"
            )
        if run.best.epoch == 0:
            # Time was over in the first epoch. What there is of it is scored, but the checkpoint knows nothing of this.
            close_epoch(run, folder, events)
            assert run.best.network is not None
            write(folder.best, run.best.network, private=True)
    return why


def stopped(run: Run, folder: RunFolder, saver: Saver) -> NntrainError:
    """Save, and return the way to resume: from here, or if that cannot be written, from the last checkpoint."""
    try:
        saver.save()
    except (CheckpointError, RunError, OSError) as error:
        if not (saved := folder.saved()):
            raise  # somebody took the folder away
        return CheckpointError(
            f"stopped after step {run.step}, but {error}; go on from step {step_of(saved[-1])} with: {resuming(folder)}"
        )
    return InterruptedRunError(f"stopped after step {run.step} and saved; go on with: {resuming(folder)}")


def resuming(folder: RunFolder) -> str:
    """The command that resumes."""
    return nntrain_command("resume", folder.path)


def close_epoch(run: Run, folder: RunFolder, events: Events) -> None:
    """Score the epoch and tell of it."""
    line = run.end_epoch()
    folder.log(line)
    events.epoch_ended(line)


def tell_failure(saver: Saver, events: Events) -> None:
    """Tell of a checkpoint that could not be written; the next one is tried when it is due."""
    error = saver.failure()
    if error is not None:
        # An error of nntrain's own names the file.
        what = error if isinstance(error, NntrainError) else refusal(error) or error
        events.warned(f"{what}; training goes on")
