"""A run in a process that kills itself: ``python -m nntrain.training.diagnostics.killed_run CONFIG FOLDER STEP``.

It starts or resumes the run of the folder, and kills itself with SIGKILL after a step: nothing is saved, and a file
that is being written stays incomplete. With 0, which is not a step, it trains to the end.
"""

import os
import signal
import sys
from pathlib import Path

from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.errors import NntrainError
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import score_best_network, train

# The only signal that ends a process on Windows.
KILL_SIGNAL = getattr(signal, "SIGKILL", signal.SIGTERM)


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
