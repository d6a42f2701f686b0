"""The training loop: steps, epochs, checkpoints and callbacks, until the trainer has a reason to stop."""

import json
from typing import Any

import numpy as np

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.config.train_config import TrainConfig
from nntrain.errors import CheckpointError, DivergenceError, InterruptedRunError, NntrainError, RunError
from nntrain.shell_command import format_command
from nntrain.system_limits import explain_system_error
from nntrain.training.callback import Callback
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.run_folder.records import to_json
from nntrain.training.run_folder.run_folder import RunFolder, get_step, write_text
from nntrain.training.signal_handler import SignalHandler
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer

LEARNING_RATE_KEY = "optimizer.learning_rate"


def handle_divergence(
    error: DivergenceError, trainer: Trainer, folder: RunFolder, checkpointer: Checkpointer
) -> DivergenceError:
    """Save the best network, record the divergence in ``run.json``, and return the error with the command to resume.

    A run without a trained network is deleted, and the run that it would have replaced is restored.
    """
    checkpointer.save_best()
    if not folder.is_worth_keeping():
        folder.abandon()
        return error
    known = folder.read_metadata()
    known["diverged"] = {
        "step": trainer.step + 1,
        "epoch": trainer.epoch + 1,
        "best": trainer.best_model.epoch,
        "message": str(error),
    }
    write_text(folder.metadata, json.dumps(known, indent=2) + "\n")
    best = f"the best network, of epoch {trainer.best_model.epoch}, and " if trainer.best_model.epoch else ""
    options: tuple[str, ...] = ()
    if trainer.peak_learning_rate is not None:
        rate = f"{LEARNING_RATE_KEY}={trainer.peak_learning_rate / 10:.3g}"
        options = ("--set", rate, "--allow-change", LEARNING_RATE_KEY)
    return DivergenceError(
        f"{error}; {best}the checkpoints up to step {get_step(folder.list_checkpoints()[-1])} are kept; "
        f"resume from there: {format_command('resume', folder.path, options=options)}"
    )


def train(
    trainer: Trainer,
    folder: RunFolder,
    settings: TrainConfig,
    callback: Callback,
    checkpointer: Checkpointer | None = None,
) -> None:
    """Train to the end. InterruptedRunError after Ctrl-C, once the run is saved; DivergenceError.

    The results depend neither on when checkpoints are written nor on the time limit: a run that it stopped resumes as
    if there had been no limit. ``checkpointer``: default: a new one.
    """
    checkpointer = checkpointer or Checkpointer(trainer, folder, settings.keep)
    try:
        reason = run_training_loop(trainer, folder, settings, callback, checkpointer)
    except DivergenceError as error:
        raise handle_divergence(error, trainer, folder, checkpointer) from None
    callback.on_train_end(reason)


def run_training_loop(
    trainer: Trainer, folder: RunFolder, settings: TrainConfig, callback: Callback, checkpointer: Checkpointer
) -> str:
    """Train to the end, and return the reason for it. DivergenceError, InterruptedRunError."""
    interval = settings.checkpoint_interval
    last_checkpoint = get_progress(trainer, interval.unit)
    callback.on_train_start(trainer.epoch + 1, trainer.epochs, len(trainer.micro_batches))
    # A NaN or infinite loss is reported as an error; numpy's warnings before it add nothing.
    with trainer.timer, SignalHandler() as interrupt, checkpointer, np.errstate(all="ignore"):
        while (reason := trainer.stop_reason) is None:
            loss = trainer.train_step()
            if loss is not None:
                callback.on_step_end(trainer.step, loss)
            else:
                finish_epoch(trainer, folder, callback)
            if interrupt.is_stop_requested:
                raise save_on_interrupt(trainer, folder, checkpointer)
            is_due = get_progress(trainer, interval.unit) - last_checkpoint >= interval.amount
            if (is_due or interrupt.is_save_requested) and not checkpointer.is_writing:
                report_save_failure(checkpointer, callback)
                checkpointer.save_in_background()
                last_checkpoint = get_progress(trainer, interval.unit)
                interrupt.is_save_requested = False
        checkpointer.save()
        if interrupt.is_stop_requested:
            raise build_unscored_error(folder)
        if trainer.best_model.epoch == 0:
            # The time limit ended the first epoch. Its steps so far are scored, but not in the checkpoint.
            finish_epoch(trainer, folder, callback)
            assert trainer.best_model.network is not None
            write_checkpoint(folder.best_network, trainer.best_model.network, private=True)
    return reason


def get_progress(trainer: Trainer, unit: str) -> float:
    """Return the progress of the run in the unit of a checkpoint interval."""
    if unit == "steps":
        return trainer.step
    return trainer.epoch if unit == "epochs" else trainer.timer.seconds


def build_unscored_error(folder: RunFolder) -> InterruptedRunError:
    """Return the error of a run that is stopped between its last step and its scores."""
    return InterruptedRunError(
        f"stopped before all sets were scored; everything is saved; resume with: {format_resume_command(folder)}"
    )


def save_on_interrupt(trainer: Trainer, folder: RunFolder, checkpointer: Checkpointer) -> NntrainError:
    """Save, and return the error with the command to resume from here, or from the last checkpoint if saving fails."""
    try:
        checkpointer.save()
    except (CheckpointError, RunError, OSError) as error:
        if not (saved := folder.list_checkpoints()):
            raise  # the folder was deleted
        return CheckpointError(
            f"stopped after step {trainer.step}, but {error}; resume from step {get_step(saved[-1])} with: "
            f"{format_resume_command(folder)}"
        )
    return InterruptedRunError(
        f"stopped after step {trainer.step} and saved; resume with: {format_resume_command(folder)}"
    )


def format_resume_command(folder: RunFolder) -> str:
    """Return the command to resume the run."""
    return format_command("resume", folder.path)


def finish_epoch(trainer: Trainer, folder: RunFolder, callback: Callback) -> None:
    """Score the epoch, and log and report its scores."""
    line = trainer.end_epoch()
    folder.log(line)
    callback.on_epoch_end(line)


def report_save_failure(checkpointer: Checkpointer, callback: Callback) -> None:
    """Warn about a checkpoint that could not be written; the next one is tried when it is due."""
    error = checkpointer.take_error()
    if error is not None:
        # An NntrainError names the file.
        problem = error if isinstance(error, NntrainError) else explain_system_error(error) or error
        callback.on_warning(f"{problem}; training continues")


def score_best_network(trainer: Trainer, folder: RunFolder) -> dict[str, Any]:
    """Score the network of ``best.h5``, write the scores to it and to ``scores.json``, and return them.

    Streamed training rows may exceed memory, so metrics that keep rows are excluded for them.
    """
    best = TrainedNetwork.from_tree(read_checkpoint(folder.best_network), str(folder.best_network))
    bounded = {"train"} if trainer.is_bounded and trainer.splits.train.is_streamed else set()
    best.scores = {
        name: best.score(part, best.create_metrics(bounded=name in bounded))
        for name, part in trainer.splits.datasets.items()
    }
    write_checkpoint(folder.best_network, best.to_tree(), private=True)
    write_text(folder.scores, to_json({"epoch": trainer.best_model.epoch, **best.scores}, indent=2) + "\n")
    return best.scores
