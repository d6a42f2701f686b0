"""Verify that a run that is killed several times ends bit-for-bit identical to an uninterrupted one.

The killed run is ``python -m nntrain.training.diagnostics.resume_verification CONFIG FOLDER STEP``. It starts or
resumes the run of the folder, and kills itself with SIGKILL after a step: nothing is saved, and a file that is being
written stays incomplete. With 0, which is not a step, it trains to the end.
"""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import flatten_tree
from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.toml import format_toml
from nntrain.errors import InterruptedRunError, NntrainError, RunError
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import score_best_network, train

# The only signal that ends a process on Windows.
KILL_SIGNAL = getattr(signal, "SIGKILL", signal.SIGTERM)

# The SHA-256 of every result of a run, by name.
StateHashes = dict[str, str]


@dataclass(frozen=True)
class ResumeVerification:
    """``killed_after``: steps; ``compared``: the number of arrays, values and files; ``different``: their names."""

    steps: int
    killed_after: list[int]
    compared: int
    different: list[str]
    sha256: str

    @property
    def is_same(self) -> bool:
        """Whether the results are identical."""
        return not self.different

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {"same": self.is_same, **asdict(self)}


def verify_resume(
    config: Config, steps: int, kills: int, seed: int, report: Callable[[str], object]
) -> ResumeVerification:
    """Train up to ``steps`` steps without interruption, and again in processes that are killed ``kills`` times.

    Everything is in a folder that is deleted afterwards. Raises the errors of ``fit``; RunError if a run cannot resume.
    """
    with create_temporary_folder(prefix="nntrain-verify-") as folder:
        root = folder.resolve()  # a path that other processes can use
        uninterrupted, killed = RunFolder(root / "uninterrupted"), RunFolder(root / "killed")
        done = run_uninterrupted(set_limits(config, steps, "1epoch"), uninterrupted)
        random = Random(seed)
        kill_steps = sorted(random.sample(range(1, done), min(kills, done - 1)))
        report(f"Uninterrupted: {done:,} steps.")
        # So frequent that some processes die while a checkpoint is written.
        path = root / "config.toml"
        limited = set_limits(config, steps, f"{max(done // (5 * (len(kill_steps) + 1)), 1)}steps")
        path.write_text(format_toml(limited.model_dump(exclude_unset=True)), encoding="utf-8")
        for step in [*kill_steps, 0]:
            run_in_process(path, killed, step)
            if step:
                report(f"Killed after step {step:,}.")
        first, second = compute_hashes(uninterrupted), compute_hashes(killed)
    different = [item for item in {**first, **second} if first.get(item) != second.get(item)]
    sha256 = hashlib.sha256(repr(second).encode()).hexdigest()
    return ResumeVerification(done, kill_steps, len(first), different, sha256)


def set_limits(config: Config, steps: int, every: str) -> Config:
    """Return the config with a maximum number of steps and without a time limit, which would end runs differently."""
    limits = {"max_steps": steps, "max_time": None, "checkpoint_every": every}
    return config.model_copy(update={"train": config.train.model_copy(update=limits)})


def run_uninterrupted(config: Config, folder: RunFolder) -> int:
    """Train in this process, and return the number of steps."""
    trainer, decided = start_run(config, load_splits(config), "", folder, [])
    try:
        train_and_score(trainer, decided, folder, Callback())
    except InterruptedRunError:
        raise InterruptedRunError("stopped before anything could be compared") from None
    return trainer.step


def run_in_process(config: Path, folder: RunFolder, step: int) -> None:
    """Start or resume until after a step, or to the end if it is 0. RunError if the process ends in another way."""
    command = [sys.executable, "-m", __name__, str(config), str(folder.path), str(step)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode != (-KILL_SIGNAL if step and sys.platform != "win32" else int(bool(step))):
        reason = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise RunError(f"the killed run cannot resume to step {step or 'the last'}: {reason[0]}")


def compute_hashes(folder: RunFolder) -> StateHashes:
    """Hash every array and value of the last checkpoint and of the best network, and the files of scores.

    The timer is excluded.
    """
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder.metrics, folder.scores)}
    for path in (folder.list_checkpoints()[-1], folder.best_network):
        tree = read_checkpoint(path)
        tree.get("training", {}).pop("clock", None)
        for key, item in flatten_tree(tree):
            data = f"{item.dtype.str}{item.shape}".encode() + item.tobytes()
            found[f"{path.name}{key}"] = hashlib.sha256(data).hexdigest()
    return found


class KillCallback(Callback):
    """Kills the process after a step (from 1)."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, step: int, loss: float) -> None:
        if step == self.step:
            os.kill(os.getpid(), KILL_SIGNAL)


def train_and_score(trainer: Trainer, config: Config, folder: RunFolder, callback: Callback) -> None:
    """Train to the end and score the best network."""
    with configure_compute():
        train(trainer, folder, config.train, callback)
        score_best_network(trainer, folder)


def main() -> None:
    """Train as above. An error is printed on one line."""
    config, folder = load_config(Path(sys.argv[1])), RunFolder(Path(sys.argv[2]))
    try:
        run = resume_run(folder) if folder.is_started else start_run(config, load_splits(config), "", folder, sys.argv)
        train_and_score(*run, folder, KillCallback(int(sys.argv[3])))
    except NntrainError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
