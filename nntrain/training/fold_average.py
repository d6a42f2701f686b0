"""The average of the networks of all validation folds: its threshold, its scores and its file."""

from collections.abc import Callable

import numpy as np

from nntrain.checkpoint.writing import write_checkpoint
from nntrain.compute.array import Array
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.training.inference.network_average import average_networks
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.joined_rows import load_unchanged, score_joined_rows
from nntrain.training.metrics.metric_selection import MetricEntry
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
    data = load_unchanged(folder.get_fold(1), averaged.preprocessor, report)
    averaged.scores = score_joined_rows(averaged, data, settings, validation)
    write_checkpoint(folder.best_network, averaged.to_tree(), private=True)
    write_text(folder.scores, to_json(averaged.scores, indent=2) + "\n")
    return averaged


def tune_threshold_of_folds(
    folder: FoldsFolder, networks: list[TrainedNetwork], entry: MetricEntry, report: Report
) -> Threshold:
    """Return the threshold with the best score on the predictions of each network for its own validation rows."""
    found: list[tuple[Array, Array, Array]] = []
    for number, network in enumerate(networks, 1):
        data = load_unchanged(folder.get_fold(number), network.preprocessor, report)
        assert data.validation is not None
        found.append(collect_predictions(network, data.validation))
    p, t, weights = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return find_best_thresholds(networks[0].task, entry, p, t, weights)
