"""A run as reports see it: its records, its best network, and the rows with their predictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.data.options.data_options import DataOptions
from nntrain.errors import DataError
from nntrain.report.set_predictions import SetPredictions
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.inference.run_rows import RunRows
from nntrain.training.product_choice import restore_engine
from nntrain.training.row_limit import RowLimit
from nntrain.training.run_folder.records import read_scores
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork

# A set of more rows is not predicted again for a report: its scores are those of the run.
MAX_ROWS = 200_000


@dataclass(frozen=True)
class TrainedRun:
    """What a report is made from. ``network`` is None until the first epoch ends, ``rows`` if the data cannot be read.

    ``history``: the lines of ``metrics.jsonl``. ``scores``: ``scores.json``, empty until training ends.
    ``rows_error``: why the rows cannot be read. ``is_average``: whether the network is an average of networks, which
    were trained on all rows but the test set.
    """

    folder: RunFolder
    config: Config
    options: DataOptions
    metadata: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    scores: Mapping[str, Any]
    network: TrainedNetwork | None
    rows: RunRows | None
    rows_error: str = ""
    is_average: bool = False

    @classmethod
    def load(cls, path: Path, *, with_rows: bool = True) -> Self:
        """Load a run. RunError if there is none; data that is missing or has changed is a note."""
        folder = RunFolder(path)
        folder.check_run()
        config = load_config(folder.config, checks=NO_CHECKS)
        options = get_data_options(config)
        network = load_trained_network(path) if folder.best_network.is_file() else None
        rows, rows_error = find_rows(folder, folder, config, network) if with_rows else (None, "")
        scores = read_scores(folder.scores) if folder.scores.is_file() else {}
        metadata, history = folder.find_metadata(), folder.read_metrics()
        return cls(folder, config, options, metadata, history, scores, network, rows, rows_error)

    @property
    def notes(self) -> list[str]:
        """Why parts of the report are missing."""
        if not self.rows_error:
            return []
        return [f"The parts about predictions and columns are missing: {self.rows_error}."]

    @property
    def is_complete(self) -> bool:
        """Whether training has ended and every set is scored."""
        return bool(self.scores)

    @property
    def scored_set(self) -> str | None:
        """The set whose predictions a report shows: rows that the network was not trained on, if possible."""
        if self.rows is None:
            return None
        found = self.rows.splits.datasets
        unseen = ("test",) if self.config.train.refit or self.is_average else ("test", "validation")
        return next((name for name in (*unseen, "train") if name in found and found[name].rows <= MAX_ROWS), None)

    @cached_property
    def predictions(self) -> SetPredictions | None:
        """The predictions for the rows of ``scored_set``."""
        name = self.scored_set
        if name is None or self.network is None or self.rows is None:
            return None
        dataset = self.rows.splits.datasets[name]
        numbers = self.rows.splits.row_indices.get(name)
        return SetPredictions.compute(name, self.network, dataset, numbers, str(self.folder.path))


def find_rows(
    folder: RunFolder, data_folder: RunFolder, config: Config, network: TrainedNetwork | None
) -> tuple[RunRows | None, str]:
    """Load the rows of a run, if it has a network; None, and why, if they are missing or have changed.

    ``data_folder``: the run whose config describes the rows.
    """
    if network is None:
        return None, ""
    restore_engine(folder)
    network.row_limit = RowLimit(str(folder.path))
    try:
        return RunRows.load(data_folder, get_data_options(config), config.train.seed, network), ""
    except DataError as error:
        return None, str(error)
