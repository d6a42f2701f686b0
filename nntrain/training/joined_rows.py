"""The rows of networks that are trained on validation rows too: loading them, and scores."""

from collections.abc import Callable
from typing import Any

from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.config.train_config import TrainConfig
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.run_folder.data_check import read_unchanged
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork


def load_unchanged(
    folder: RunFolder, preprocessor: Preprocessor, report: Callable[[str], object], config: Config | None = None
) -> DatasetSplits:
    """Load the rows of a run, as ``config`` splits them; default: as in the run. DataError if they have changed."""
    config = config or load_config(folder.config, checks=NO_CHECKS)
    options, seed = get_data_options(config), config.train.seed
    return read_unchanged(
        folder,
        options,
        "start another run",
        lambda: load_data(options, seed, preprocessor, report=report),
        lambda data: data.fingerprint,
    )


def score_joined_rows(
    network: TrainedNetwork, data: DatasetSplits, settings: TrainConfig, validation: dict[str, float]
) -> dict[str, Any]:
    """Return the scores of each set. Those of the training set cover the validation rows too; ``validation`` is given.

    Metrics that keep rows are excluded for streamed training rows, as in a run.
    """
    assert data.validation is not None
    is_bounded = settings.train_metrics == "bounded" and data.train.is_streamed
    metrics = network.create_metrics(bounded=is_bounded)
    for dataset in (data.train, data.validation):
        network.update_metrics(dataset, metrics)
    scores = {"train": metrics.compute(), "validation": validation}
    return scores if data.test is None else {**scores, "test": network.score(data.test)}
