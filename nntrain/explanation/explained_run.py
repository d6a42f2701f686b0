"""A run whose network is explained, with its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.errors import RunError
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.inference.evaluation import override_memory
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.inference.run_rows import RunRows
from nntrain.training.product_choice import restore_engine
from nntrain.training.row_limit import RowLimit
from nntrain.training.run_folder.folds_folder import FoldsFolder, find_data_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork


@dataclass(frozen=True)
class ExplainedRun:
    """The best network of a run, or the average of those of validation folds."""

    path: Path
    config: Config
    network: TrainedNetwork
    rows: RunRows

    @classmethod
    def load(cls, path: Path, memory: int | None = None, *, warn: Callable[[str], object] = str) -> Self:
        """Load a run. RunError if there is none, DataError if its rows are missing or have changed.

        ``memory``: bytes for its rows; default: those of the run.
        """
        require_rows(path)
        network = load_trained_network(path, warn)
        restore_engine(RunFolder(path))
        network.row_limit = RowLimit(str(path))
        config = load_config(find_data_run(path).config, checks=NO_CHECKS)
        return cls(path, config, network, load_run_rows(path, network, memory))

    @property
    def shown_set(self) -> str:
        """The set that is explained by default: rows that the network was not trained on, if there are any."""
        found = self.rows.splits.datasets
        trained_on_validation = self.config.train.refit or FoldsFolder(self.path).is_started
        unseen = ("test",) if trained_on_validation else ("test", "validation")
        return next((name for name in unseen if name in found), "train")


def load_run_rows(path: Path, network: TrainedNetwork, memory: int | None) -> RunRows:
    """Load the rows of a run for its network."""
    folder = find_data_run(path)
    config = load_config(folder.config, checks=NO_CHECKS)
    return RunRows.load(folder, override_memory(get_data_options(config), memory), config.train.seed, network)


def require_rows(path: Path) -> None:
    """RunError for a network without the rows of its run, which explanations compare with."""
    if path.exists() and not path.is_dir():
        raise RunError(f"{path}: expected the folder of a run, whose training rows explanations need, got a file")
