"""Predictions for the rows of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nntrain.data.kept_columns import beside, kept_columns
from nntrain.data.load import load_rows
from nntrain.data.row_file import Block
from nntrain.errors import DataError
from nntrain.nn.threads import one_blas_thread
from nntrain.training.evaluation import unseen_notes
from nntrain.training.open import open_network

__all__ = ["predictions"]


def predictions(
    run: Path, data: Path, inputs: str | None = None, columns: Sequence[str] = ()
) -> tuple[list[Block], list[str]]:
    """Blocks of columns in the order of the rows, and what to say about the data. DataError if there are no rows.

    ``columns`` of the data stand before the predictions.
    """
    network = open_network(run)
    kept = kept_columns(data, columns)
    x, _, rows = load_rows(data, network.schema, inputs=inputs, targets=None, need_targets=False)
    if rows == 0:
        raise DataError(f"{data}: there are no rows to predict")
    with one_blas_thread():
        blocks = list(beside(kept, (network.task.predictions(y) for y in network.outputs(x))))
    return blocks, unseen_notes(network.schema)
