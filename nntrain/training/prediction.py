"""Predictions for the rows of a file."""

from __future__ import annotations

from pathlib import Path

from nntrain.data.load import load_rows
from nntrain.errors import DataError
from nntrain.training.evaluation import unseen_notes
from nntrain.training.open import open_network
from nntrain.training.threads import limited

__all__ = ["predictions"]


def predictions(run: Path, data: Path, inputs: str | None = None) -> tuple[list[dict[str, list[object]]], list[str]]:
    """Blocks of columns in the order of the rows, and what to say about the data. DataError if there are no rows."""
    network = open_network(run)
    x, _, rows = load_rows(data, network.schema, inputs=inputs, targets=None, need_targets=False)
    if rows == 0:
        raise DataError(f"{data}: there are no rows to predict")
    with limited(network.model):
        blocks = [network.task.predictions(y) for y in network.outputs(x)]
    return blocks, unseen_notes(network.schema)
