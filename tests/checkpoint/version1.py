"""How version1.h5 and version1-best.h5 came about: ``python -m tests.checkpoint.version1 FOLDER`` writes such files.

Those beside this file stay as they are, whatever is written today: a checkpoint of version 1 must load for ever.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.config.config import Config
from nntrain.config.load import build_config
from nntrain.errors import InterruptedRunError
from nntrain.training.callback import Callback
from nntrain.training.inference.prediction import predict_file
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import score_best_network, train
from tests.training.stopping import IRIS, StopAfter, config

__all__ = ["BEST", "FILE", "STEP", "ended", "probabilities", "settings", "stopped_folder"]

BEST, FILE = (Path(__file__).with_name(name) for name in ("version1-best.h5", "version1.h5"))

# In the middle of the third epoch of six.
STEP = 13


def settings() -> Config:
    """The config of the run: with everything that has a state."""
    adam, plateau = {"type": "adam", "learning_rate": 0.01}, {"type": "plateau", "patience": 1}
    return build_config(config(adam, plateau, accumulate=2, ema=0.9, patience=5, batch_size=12, checkpoint_every="1h"))


def stopped_folder(folder: RunFolder) -> None:
    """The run, stopped and saved after STEP."""
    told = settings()
    run, decided = start_run(told, load_splits(told), "", folder, [])
    with pytest.raises(InterruptedRunError):
        train(run, folder, decided.train, StopAfter(STEP))


def ended(folder: RunFolder) -> tuple[Array, dict[str, Any]]:
    """The parameters and scores that the run comes to."""
    run, decided = resume_run(folder)
    train(run, folder, decided.train, Callback())
    return run.w, score_best_network(run, folder)


def probabilities(path: Path) -> Array:
    """What a checkpoint's network makes of the first flower of each species."""
    (block,) = predict_file(path, IRIS)[0]
    return np.array([block[f"p({name})"] for name in ("setosa", "versicolor", "virginica")]).T[[0, 50, 100]]


def main() -> None:
    """Write the two files into a folder, and print what they predict and come to."""
    folder = RunFolder(Path(sys.argv[1]))
    stopped_folder(folder)
    (file,) = folder.list_checkpoints()[-1:]
    (best,) = folder.list_best_networks()[-1:]
    for path, name in ((file, FILE.name), (best, BEST.name)):
        (folder.path / name).write_bytes(path.read_bytes())
        print(name, probabilities(path).tolist())
    w, scores = ended(folder)
    print(w[:6].tolist(), float(np.square(w).sum()), scores["test"])


if __name__ == "__main__":
    main()
