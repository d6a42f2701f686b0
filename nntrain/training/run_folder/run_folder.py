"""The folder of a run and the paths in it."""

import contextlib
import json
import threading
from pathlib import Path
from typing import Any

from nntrain.errors import RunError
from nntrain.files.atomic_write import link_file, write_atomically
from nntrain.files.own_files import append_text, check_path_kind, move_path, remove_path
from nntrain.files.pinned_folders import open_pinned
from nntrain.system_limits import format_os_error
from nntrain.training.run_folder.output_folder import ASIDE_PREFIX, FOLDS_CONFIG_NAME, RUN_CONFIG_NAME, OutputFolder
from nntrain.training.run_folder.records import read_metadata, read_metrics, to_json
from nntrain.training.run_folder.run_files import check_run_items


class RunFolder(OutputFolder):
    """``given.toml`` (the config of the user), ``config.toml`` (the resolved config), ``run.json`` (the metadata),
    ``metrics.jsonl`` (one line per epoch), ``checkpoints/`` (to resume from), ``best.h5`` (to predict with) and, at the
    end, ``scores.json`` and ``report.html``; ``profile.json`` (time and traffic) with --profile; ``refit`` (another
    run) with --refit.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, RUN_CONFIG_NAME)
        # Paths of files and folders.
        self.given_config = path / "given.toml"
        self.metadata = path / "run.json"
        self.metrics = path / "metrics.jsonl"
        self.checkpoints = path / "checkpoints"
        self.best_network = path / "best.h5"
        self.scores = path / "scores.json"
        self.logs = path / "logs"
        self.report = path / "report.html"
        self.profile = path / "profile.json"
        # Metrics lines that the full disk refused. The thread that writes a checkpoint writes them too.
        self.unwritten_lines = ""
        self.write_lock = threading.Lock()

    @property
    def refit(self) -> "RunFolder":
        """The run on training and validation rows, if ``train.refit`` is set."""
        return RunFolder(self.path / "refit")

    def read_metadata(self) -> dict[str, Any]:
        """Read ``run.json``."""
        return read_metadata(self.metadata)

    def find_metadata(self) -> dict[str, Any]:
        """Read ``run.json``; empty if there is none."""
        return self.read_metadata() if self.metadata.is_file() else {}

    def create(self, force: bool) -> None:
        super().create(force)
        with open_pinned(self.path) as folder:
            (folder / self.checkpoints.name).mkdir(mode=0o700)

    def check_exists(self) -> None:
        """RunError if the folder was moved or deleted."""
        if not self.metadata.is_file():
            raise RunError(f"{self.path}: the run folder was moved or deleted during the run")
        check_path_kind(self.checkpoints, "folder")

    def check_run(self) -> None:
        """RunError unless a run was started here, and everything in it is a regular file or folder."""
        check_run_items(self.path)
        if (self.path / FOLDS_CONFIG_NAME).is_file():
            raise RunError(
                f"{self.path}: expected a single run, got one with folds; use one of its runs, {self.path / 'fold-1'}"
            )
        if not self.is_started:
            raise RunError(f"{self.path}: not a run folder (it has no config.toml)")

    def get_checkpoint_path(self, step: int) -> Path:
        """Return the path of the checkpoint after a step."""
        return self.checkpoints / f"step-{step:09d}.h5"

    def get_best_path(self, step: int) -> Path:
        """Return the path of the best network at the step of a checkpoint."""
        return self.checkpoints / f"best-{step:09d}.h5"

    def list_checkpoints(self) -> list[Path]:
        """Return the checkpoints, oldest first."""
        return sorted(self.checkpoints.glob("step-*.h5"))

    def list_best_networks(self) -> list[Path]:
        """Return the best networks of the checkpoints, oldest first."""
        return sorted(self.checkpoints.glob("best-*.h5"))

    def prune(self, keep: int) -> None:
        """Delete all but the newest ``keep`` checkpoints and their best networks."""
        kept = {get_step(path) for path in self.list_checkpoints()[-keep:]}
        for path in [*self.list_checkpoints(), *self.list_best_networks()]:
            if get_step(path) not in kept:
                remove_path(path)

    def is_worth_keeping(self) -> bool:
        """Whether there is a trained network or a checkpoint of one."""
        return self.best_network.is_file() or any(get_step(path) > 0 for path in self.list_checkpoints())

    def set_best_aside(self, epoch: int) -> Path:
        """Rename ``best.h5`` of an epoch that will not be repeated, and return the new path."""
        aside = self.path / f"{ASIDE_PREFIX}{epoch}.h5"
        move_path(self.best_network, aside)
        return aside

    def roll_back(self, step: int, epoch: int, best: int) -> None:
        """Roll the folder back to the checkpoint of a step after ``epoch`` epochs, of which ``best`` was the best.

        Later checkpoints, which are corrupt, are renamed.
        """
        lines = self.read_metrics()[:epoch]
        for path in self.list_checkpoints():
            if get_step(path) > step:
                move_path(path, path.with_name(f"{path.name}.damaged"))
        for path in self.list_best_networks():
            if get_step(path) > step:
                remove_path(path)
        for path in [*self.path.glob(".*.tmp"), *self.checkpoints.glob(".*.tmp")]:
            remove_path(path)
        remove_path(self.scores)
        remove_path(self.report)
        if best:
            link_file(self.get_best_path(step), self.best_network)
        else:
            remove_path(self.best_network)
        write_text(self.metrics, "".join(json.dumps(line) + "\n" for line in lines))

    def log(self, line: dict[str, Any]) -> None:
        """Append one line to the metrics. If the disk is full, it is kept for the next line or checkpoint."""
        with self.write_lock:
            self.unwritten_lines += to_json(line) + "\n"
        with contextlib.suppress(RunError):
            self.flush_metrics()

    def flush_metrics(self) -> None:
        """Write the kept lines of the metrics. RunError if the disk is full."""
        with self.write_lock:
            try:
                append_text(self.metrics, self.unwritten_lines)
            except OSError as error:
                raise RunError(
                    f"{self.metrics}: cannot be written: {format_os_error(error)}; its lines are kept"
                ) from error
            self.unwritten_lines = ""

    def read_metrics(self) -> list[dict[str, Any]]:
        """Read the metrics, one entry per epoch; an incomplete last line is ignored."""
        return read_metrics(self.metrics)


def get_step(path: Path) -> int:
    """Return the step in the name of a checkpoint or of a best network."""
    return int(path.stem.rpartition("-")[2])


def write_text(path: Path, text: str) -> None:
    """Write a small file atomically."""
    with write_atomically(path, private=True) as temporary:
        temporary.write_text(text, encoding="utf-8")
