"""A run in a process that kills itself: ``python -m nntrain.training.killed_run CONFIG FOLDER STEP``.

It begins the run of the folder, or goes on with it, and dies as by ``kill -9`` after a step: nothing is saved, and what
is being written stays half written. With step 0, which there is not, it goes on to the end.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.errors import NntrainError
from nntrain.training.events import Events
from nntrain.training.finish import finish
from nntrain.training.loop import train
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder
from nntrain.training.start import begin, go_on, prepare

__all__ = ["KILL", "carry_out"]

# Windows has one way only to end a process, and this name for it.
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class KillAfter(Events):
    """Ends the process after a step of the run, the first being 1."""

    def __init__(self, step: int) -> None:
        self.step = step

    def stepped(self, step: int, loss: float) -> None:
        if step == self.step:
            os.kill(os.getpid(), KILL)


def carry_out(run: Run, config: Config, folder: RunFolder, events: Events) -> None:
    """Train to the end and score it."""
    with configure_compute():
        train(run, folder, config.train, events)
        finish(run, folder)


def main() -> None:
    """An error is one line."""
    config, folder = load_config(Path(sys.argv[1])), RunFolder(Path(sys.argv[2]))
    try:
        made = go_on(folder) if folder.begun else begin(config, prepare(config), "", folder, sys.argv)
        carry_out(*made, folder, KillAfter(int(sys.argv[3])))
    except NntrainError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
