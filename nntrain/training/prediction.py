"""Predictions for the rows of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nntrain.data.kept_columns import beside, kept_columns
from nntrain.data.row_file import Block
from nntrain.data.streaming.load_pieces import load_pieces
from nntrain.errors import ConfigError
from nntrain.exchange.network import Network
from nntrain.nn.threads import at_work
from nntrain.training.bare_network import bare_predictions
from nntrain.training.evaluation import unseen_notes, with_threshold
from nntrain.training.open import open_any
from nntrain.training.row_limit import RowLimit

__all__ = ["predictions"]


def predictions(
    run: Path,
    data: Path,
    inputs: str | None = None,
    columns: Sequence[str] = (),
    memory: int | None = None,
    long_size: int | None = None,
    threshold: float | None = None,
    warn: Callable[[str], object] = str,
) -> tuple[Iterator[Block], list[str]]:
    """Blocks of columns in the order of the rows, and what to say about the data, which is known after the last.

    ``columns`` of the data stand before the predictions. A file that does not fit into ``memory`` bytes is read piece
    by piece. DataError, in place of the first block, if there are no rows.
    """
    network = open_any(run, long_size=long_size, warn=warn)
    limit = RowLimit(str(run), memory, "give more with --memory")
    kept = kept_columns(data, columns)
    if isinstance(network, Network):
        if threshold is not None:
            raise ConfigError(
                f"--threshold {threshold:g}: expected a run, got a network without a target; leave it out"
            )
        return beside(kept, bare_predictions(network, data, limit, inputs)), list(network.notes)
    with_threshold(network, threshold).limit = limit
    notes: list[str] = []

    def blocks() -> Iterator[Block]:
        unseen: Counter[str] = Counter()
        with at_work():
            for piece in load_pieces(data, network.schema, inputs=inputs, memory=memory):
                unseen.update(network.schema.unseen())
                for y in network.outputs(piece.inputs):
                    yield network.task.predictions(y)
        notes.extend(unseen_notes(unseen))

    return beside(kept, blocks()), notes
