"""The end of a run: the best network, scored on every part of the data."""

from __future__ import annotations

from typing import Any

from nntrain.checkpoint.read import read
from nntrain.checkpoint.write import write
from nntrain.data.streaming.stored_part import StoredPart
from nntrain.training.plain_json import plain_json
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder, write_text
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["finish"]


def finish(run: Run, folder: RunFolder) -> dict[str, Any]:
    """Score the network of ``best.h5``, put the scores into it and into ``scores.json``, and return them.

    Training rows that are read from the disk may be more than memory: what would keep them is left out.
    """
    best = TrainedNetwork.from_tree(read(folder.best), str(folder.best))
    parts = {"train": run.data.train, "validation": run.data.validation, "test": run.data.test}
    bounded = {"train"} if run.bounded and isinstance(run.data.train, StoredPart) else set()
    best.scores = {
        name: best.score(part, best.board(bounded=name in bounded)) for name, part in parts.items() if part is not None
    }
    write(folder.best, best.tree(), private=True)
    write_text(folder.scores, plain_json({"epoch": run.best.epoch, **best.scores}, indent=2) + "\n")
    return best.scores
