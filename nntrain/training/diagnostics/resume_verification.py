"""Whether a run that is killed again and again ends with the same bits as one that is left alone."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import flatten_tree
from nntrain.config.config import Config
from nntrain.config.toml import format_toml
from nntrain.errors import InterruptedRunError, RunError
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.training.callback import Callback
from nntrain.training.diagnostics.killed_run import KILL_SIGNAL, train_and_score
from nntrain.training.resuming.run_start import load_splits, start_run
from nntrain.training.run_folder.run_folder import RunFolder

__all__ = ["ResumeVerification", "verify_resume"]

# SHA-256 of everything that a run has come to, by name.
StateHashes = dict[str, str]


@dataclass(frozen=True)
class ResumeVerification:
    """``killed_after``: steps; ``compared``: how many arrays, values and files; ``different``: the names of those."""

    steps: int
    killed_after: list[int]
    compared: int
    different: list[str]
    sha256: str

    @property
    def is_same(self) -> bool:
        """Whether there is no difference."""
        return not self.different

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {"same": self.is_same, **asdict(self)}


def verify_resume(
    config: Config, steps: int, kills: int, seed: int, report: Callable[[str], object]
) -> ResumeVerification:
    """Train up to ``steps`` steps in one go, and once more in processes that are killed in so many places.

    Everything lies in a folder that is deleted afterwards. Raises what ``fit`` would; RunError if a run cannot go on.
    """
    with create_temporary_folder(prefix="nntrain-verify-") as folder:
        place = folder.resolve()  # a name that other processes have too
        alone, killed = RunFolder(place / "alone"), RunFolder(place / "killed")
        made = run_uninterrupted(set_limits(config, steps, "1epoch"), alone)
        random = Random(seed)
        places = sorted(random.sample(range(1, made), min(kills, made - 1)))
        report(f"Left alone: {made:,} steps.")
        # Often enough that a checkpoint is being written when a process dies.
        path = place / "config.toml"
        limited = set_limits(config, steps, f"{max(made // (5 * (len(places) + 1)), 1)}steps")
        path.write_text(format_toml(limited.model_dump(exclude_unset=True)), encoding="utf-8")
        for step in [*places, 0]:
            run_in_process(path, killed, step)
            if step:
                report(f"Killed after step {step:,}.")
        first, second = compute_hashes(alone), compute_hashes(killed)
    different = [item for item in {**first, **second} if first.get(item) != second.get(item)]
    return ResumeVerification(made, places, len(first), different, hashlib.sha256(repr(second).encode()).hexdigest())


def set_limits(config: Config, steps: int, every: str) -> Config:
    """The config with so many steps at most and no clock, which would end two runs in two places."""
    limits = {"max_steps": steps, "max_time": None, "checkpoint_every": every}
    return config.model_copy(update={"train": config.train.model_copy(update=limits)})


def run_uninterrupted(config: Config, folder: RunFolder) -> int:
    """Train in this process; how many steps were made."""
    run, decided = start_run(config, load_splits(config), "", folder, [])
    try:
        train_and_score(run, decided, folder, Callback())
    except InterruptedRunError:
        raise InterruptedRunError("stopped before anything could be compared") from None
    return run.step


def run_in_process(config: Path, folder: RunFolder, step: int) -> None:
    """Begin or go on, until after a step, or with 0 to the end. RunError if it does not end as it should."""
    command = [
        sys.executable,
        "-m",
        "nntrain.training.diagnostics.killed_run",
        str(config),
        str(folder.path),
        str(step),
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode != (-KILL_SIGNAL if step and sys.platform != "win32" else int(bool(step))):
        what = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise RunError(f"the run that is killed could not go on, up to step {step or 'the last'}: {what[0]}")


def compute_hashes(folder: RunFolder) -> StateHashes:
    """Of every array and value of the last checkpoint and of the best network, and of the files of scores.

    Not of the clock, which is never the same twice.
    """
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder.metrics, folder.scores)}
    for path in (folder.list_checkpoints()[-1], folder.best_network):
        tree = read_checkpoint(path)
        tree.get("training", {}).pop("clock", None)
        for place, item in flatten_tree(tree):
            what = f"{item.dtype.str}{item.shape}".encode() + item.tobytes()
            found[f"{path.name}{place}"] = hashlib.sha256(what).hexdigest()
    return found
