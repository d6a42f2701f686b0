"""The end of a run: the best network, scored on every part of the data."""

from __future__ import annotations

import json
from typing import Any

from nntrain.checkpoint.read import read
from nntrain.checkpoint.write import write
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder, write_text
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["finish"]


def finish(run: Run, folder: RunFolder) -> dict[str, Any]:
    """Score the network of ``best.h5``, put the scores into it and into ``scores.json``, and return them."""
    best = TrainedNetwork.from_tree(read(folder.best), str(folder.best))
    parts = {"train": run.data.train, "validation": run.data.validation, "test": run.data.test}
    best.scores = {name: best.score(part) for name, part in parts.items() if part is not None}
    write(folder.best, best.tree())
    write_text(folder.scores, json.dumps({"epoch": run.best.epoch, **best.scores}, indent=2) + "\n")
    return best.scores
