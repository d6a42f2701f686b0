"""The average of the networks of all validation folds: its threshold, its scores and its file."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.checkpoint.writing import write_checkpoint
from nntrain.compute.array import Array
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.config.train_config import TrainConfig
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.training.building.trainer_assembly import get_data_options
from nntrain.training.inference.network_average import average_networks
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.metrics.metric_selection import MetricEntry
from nntrain.training.run_folder.data_check import read_unchanged
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.records import to_json
from nntrain.training.run_folder.run_folder import write_text
from nntrain.training.tasks.threshold import Threshold
from nntrain.training.tasks.threshold_tuning import collect_predictions, find_best_thresholds
from nntrain.training.trained_network import TrainedNetwork

Report = Callable[[str], object]


def average_folds(folder: FoldsFolder, folds: int, validation: dict[str, float], report: Report) -> TrainedNetwork:
    """Write the average of the networks of all folds to ``best.h5``, its scores to ``scores.json``, and return it.

    All rows but the test set are training rows of some of its networks. So the scores of the training set cover all of
    these rows, and ``validation``, the mean scores of the networks on their own validation rows, replaces those of the
    average, which has no validation rows. ``report`` receives notes. DataError if the data has changed.
    """
    networks = [load_trained_network(folder.get_fold(number).path) for number in range(1, folds + 1)]
    averaged = average_networks(networks)
    settings = load_config(folder.get_fold(1).config, checks=NO_CHECKS).train
    if isinstance(settings.threshold, str | dict):
        averaged.task.threshold = tune_threshold_of_folds(folder, networks, settings.threshold, report)
    data = load_fold(folder, 1, averaged.preprocessor, report)
    averaged.scores = score_average(averaged, data, settings, validation)
    write_checkpoint(folder.best_network, averaged.to_tree(), private=True)
    write_text(folder.scores, to_json(averaged.scores, indent=2) + "\n")
    return averaged


def load_fold(folder: FoldsFolder, number: int, preprocessor: Preprocessor, report: Report) -> DatasetSplits:
    """Load the rows of the run of a fold. DataError if they have changed since it started."""
    run = folder.get_fold(number)
    config = load_config(run.config, checks=NO_CHECKS)
    options = get_data_options(config)
    return read_unchanged(
        run,
        options,
        "start another run",
        lambda: load_data(options, config.train.seed, preprocessor, report=report),
        lambda data: data.fingerprint,
    )


def tune_threshold_of_folds(
    folder: FoldsFolder, networks: list[TrainedNetwork], entry: MetricEntry, report: Report
) -> Threshold:
    """Return the threshold with the best score on the predictions of each network for its own validation rows."""
    found: list[tuple[Array, Array, Array]] = []
    for number, network in enumerate(networks, 1):
        data = load_fold(folder, number, network.preprocessor, report)
        assert data.validation is not None
        found.append(collect_predictions(network, data.validation))
    p, t, weights = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return find_best_thresholds(networks[0].task, entry, p, t, weights)


def score_average(
    averaged: TrainedNetwork, data: DatasetSplits, settings: TrainConfig, validation: dict[str, float]
) -> dict[str, Any]:
    """Return the scores of each set. Metrics that keep rows are excluded for streamed training rows, as in a run."""
    assert data.validation is not None
    is_bounded = settings.train_metrics == "bounded" and data.train.is_streamed
    metrics = averaged.create_metrics(bounded=is_bounded)
    for dataset in (data.train, data.validation):
        averaged.update_metrics(dataset, metrics)
    scores = {"train": metrics.compute(), "validation": validation}
    return scores if data.test is None else {**scores, "test": averaged.score(data.test)}
