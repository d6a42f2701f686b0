"""Checkpoints of a run, written beside its training."""

from __future__ import annotations

import threading
from types import TracebackType

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.files.atomic_write import flush_to_disk, link_file
from nntrain.files.own_files import remove_path
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trainer import Trainer

__all__ = ["Checkpointer"]


class Checkpointer:
    """A context that writes checkpoints: ``begin`` in a thread, of a copy of the state, ``save`` at once.

    With each checkpoint goes the best network as of then, so that a run that goes on from it knows nothing that was
    found later. One is written at a time.
    """

    def __init__(self, trainer: Trainer, folder: RunFolder, keep: int) -> None:
        self.run = trainer
        self.folder = folder
        self.keep = keep
        self.thread: threading.Thread | None = None
        self.error: Exception | None = None
        self.unsaved_best: Tree | None = None

    def __enter__(self) -> Checkpointer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, KeyboardInterrupt):
            self.wait()

    @property
    def is_writing(self) -> bool:
        """Whether a checkpoint is being written."""
        return self.thread is not None and self.thread.is_alive()

    def save_in_background(self) -> None:
        """Copy the state and begin to write it. ``take_error`` returns a failure.

        DivergenceError if the parameters are no longer numbers: from such a checkpoint no run could be resumed.
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
        """Write the state now. CheckpointError if it cannot be written; older checkpoints are then as they were.

        DivergenceError as from ``save_in_background``.
        """
        self.wait()
        self._write(*self._copy_state())

    def save_best(self) -> None:
        """Write the best network if it is newer than the last checkpoint, as when there will be no further one."""
        self.wait()
        best = self.unsaved_best if self.run.best_model.network is None else self.run.best_model.network
        if best is not None and self.run.best_model.has_score:
            write_checkpoint(self.folder.best_network, best, private=True)
            self.unsaved_best = self.run.best_model.network = None

    def wait(self) -> None:
        """Until nothing is being written."""
        if self.thread is not None:
            self.thread.join()
            self.thread = None

    def take_error(self) -> Exception | None:
        """Why the last one that was begun could not be written; told once."""
        error, self.error = self.error, None
        return error

    def _copy_state(self) -> tuple[int, Tree, Tree | None]:
        """The step, the state, and the best network if it is new, or could not be written before. All are copies."""
        self.run.check_finite()
        best = self.unsaved_best if self.run.best_model.network is None else self.run.best_model.network
        self.unsaved_best = self.run.best_model.network = None
        return self.run.step, self.run.to_tree(), best

    def _write_or_keep_error(self, step: int, tree: Tree, best: Tree | None) -> None:
        try:
            self._write(step, tree, best)
        except Exception as error:  # of whatever kind: training goes on
            self.error, self.unsaved_best = error, best

    def _write(self, step: int, tree: Tree, best: Tree | None) -> None:
        """The best network, the checkpoint that counts on it, and then all that is too old away."""
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
            if not self.folder.get_checkpoint_path(
                step
            ).exists():  # without it nothing would ever remove its best network
                remove_path(self.folder.get_best_path(step))
            raise
        if best is not None:
            link_file(self.folder.get_best_path(step), self.folder.best_network)
        self.folder.prune(self.keep)
        if step:
            self.folder.replaced_run.delete()
