"""Checkpoints of a run, written while it trains."""

from __future__ import annotations

import threading

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.files.atomic_write import flush_to_disk, link_file
from nntrain.files.own_files import remove_path
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trainer import Trainer


class Checkpointer:
    """A context that writes checkpoints: ``save_in_background`` in a thread, from a copy of the state; ``save`` now.

    Each checkpoint is stored with the best network at that step, so that a resumed run does not depend on later
    results. One checkpoint is written at a time.
    """

    def __init__(self, trainer: Trainer, folder: RunFolder, keep: int) -> None:
        self.trainer = trainer
        self.folder = folder
        self.keep = keep
        self.thread: threading.Thread | None = None
        self.error: Exception | None = None
        self.unsaved_best: Tree | None = None

    def __enter__(self) -> Checkpointer:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if not isinstance(error, KeyboardInterrupt):
            self.wait()

    @property
    def is_writing(self) -> bool:
        """Whether a checkpoint is being written."""
        return self.thread is not None and self.thread.is_alive()

    def save_in_background(self) -> None:
        """Copy the state and start to write it. ``take_error`` returns a failure.

        DivergenceError if parameters are NaN or infinite: such a checkpoint could not be resumed.
        """
        self.wait()
        work = self._copy_state()
        self.thread = threading.Thread(target=self._write_or_keep_error, args=work, name="checkpoint", daemon=True)
        try:
            self.thread.start()
        except RuntimeError:  # the system has no more threads: training waits
            self.thread = None
            self._write_or_keep_error(*work)

    def save(self) -> None:
        """Write the state now. CheckpointError if it cannot be written; older checkpoints are then unchanged.

        DivergenceError as in ``save_in_background``.
        """
        self.wait()
        self._write(*self._copy_state())

    def save_best(self) -> None:
        """Write the best network if it is newer than the last checkpoint and no further checkpoint will follow."""
        self.wait()
        best = self.trainer.best_model.network or self.unsaved_best
        if best is not None and self.trainer.best_model.has_score:
            write_checkpoint(self.folder.best_network, best, private=True)
            self.unsaved_best = self.trainer.best_model.network = None

    def wait(self) -> None:
        """Wait until nothing is being written."""
        if self.thread is not None:
            self.thread.join()
            self.thread = None

    def take_error(self) -> Exception | None:
        """Return the error of the last background save, once."""
        error, self.error = self.error, None
        return error

    def _copy_state(self) -> tuple[int, Tree, Tree | None]:
        """Return copies of the step, the state, and the best network if it is new or could not be written before."""
        self.trainer.check_finite()
        best = self.trainer.best_model.network or self.unsaved_best
        self.unsaved_best = self.trainer.best_model.network = None
        return self.trainer.step, self.trainer.to_tree(), best

    def _write_or_keep_error(self, step: int, tree: Tree, best: Tree | None) -> None:
        try:
            self._write(step, tree, best)
        except Exception as error:  # training continues after any error
            self.error, self.unsaved_best = error, best

    def _write(self, step: int, tree: Tree, best: Tree | None) -> None:
        """Write the best network, then the checkpoint that needs it, and delete old checkpoints."""
        self.folder.check_exists()
        if self.folder.metrics.exists() or self.folder.unwritten_lines:
            self.folder.flush_metrics()
            flush_to_disk(self.folder.metrics)
        if best is not None:
            write_checkpoint(self.folder.get_best_path(step), best, private=True)
        elif tree["training"]["best"]["epoch"]:
            link_file(self.folder.list_best_networks()[-1], self.folder.get_best_path(step))
        try:
            write_checkpoint(self.folder.get_checkpoint_path(step), tree, private=True)
        except Exception:
            # Without the checkpoint nothing would ever remove its best network.
            if not self.folder.get_checkpoint_path(step).exists():
                remove_path(self.folder.get_best_path(step))
            raise
        if best is not None:
            link_file(self.folder.get_best_path(step), self.folder.best_network)
        self.folder.prune(self.keep)
        if step:
            self.folder.delete_backup()
