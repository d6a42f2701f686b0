"""Scores of a trained network on rows that it has not learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nntrain.config.load import load_config
from nntrain.data.load import load, load_rows
from nntrain.errors import DataError, RunError
from nntrain.nn.threads import one_blas_thread
from nntrain.training.assemble import options_of
from nntrain.training.open import open_network
from nntrain.training.run_folder import RunFolder

__all__ = ["Scored", "score_file", "score_test"]


@dataclass(frozen=True)
class Scored:
    """The scores, and what they were made from."""

    data: str
    rows: int
    scores: dict[str, float]
    notes: Sequence[str] = ()


def score_test(run: Path) -> Scored:
    """The scores on the test rows of a run."""
    if run.is_file():
        raise RunError(f"{run}: a checkpoint alone has no rows; give a file: nntrain evaluate {run} DATA")
    network = open_network(run)
    config = load_config(RunFolder(run).config)
    data = load(options_of(config), config.train.seed, network.schema)
    if data.test is None:
        raise RunError(f"{run}: the run has no test rows; give a file: nntrain evaluate {run} DATA")
    with one_blas_thread():
        scores = network.score(data.test)
    return Scored(f"the test part of {config.data.test_path or config.data.path}", data.test.rows, scores)


def score_file(run: Path, data: Path, inputs: str | None = None, targets: str | None = None) -> Scored:
    """The scores on the rows of a file. DataError if it has no targets, or no rows."""
    network = open_network(run)
    part = load_rows(data, network.schema, inputs=inputs, targets=targets, need_targets=True)
    if part.rows == 0:
        raise DataError(f"{data}: there are no rows with targets to score")
    notes = unseen_notes(network.schema.unseen())
    if network.schema.weight is not None and part.weights is None:
        notes.append(f"there is no {network.schema.weight!r} by which rows count: all count the same")
    with one_blas_thread():
        return Scored(str(data), part.rows, network.score(part), notes)


def unseen_notes(unseen: Mapping[str, int]) -> list[str]:
    """What to say about categories that training never saw, by column."""
    return [f"{count:,} values of column {name!r} were never seen in training" for name, count in unseen.items()]
