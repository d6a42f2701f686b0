"""A second run on training and validation rows, with the number of epochs that the validation rows chose."""

import math
from collections.abc import Callable
from pathlib import Path

from nntrain.checkpoint.writing import write_checkpoint
from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.errors import RunError
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.joined_rows import load_unchanged, score_joined_rows
from nntrain.training.run_folder.records import read_scores, to_json
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.run_start import start_run
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer
from nntrain.training.validation_scorer import find_calibrator

Report = Callable[[str], object]


def start_refit(folder: RunFolder, command: list[str], report: Report) -> tuple[Trainer, Config]:
    """Create the second run of a complete run, in its folder. DataError if the data has changed."""
    config = load_config(folder.config, checks=NO_CHECKS)
    config = config.model_copy(update={"data": config.data.model_copy(update={"train_on_validation": True})})
    data = load_unchanged(folder, load_trained_network(folder.best_network).preprocessor, report, config)
    epochs = read_scores(folder.scores)["epoch"]
    one = build_refit_config(config, data.train.rows, epochs)
    return start_run(one, data, "# the refit of ../config.toml\n", folder.refit, command)


def build_refit_config(config: Config, rows: int, epochs: int) -> Config:
    """Return the config of the second run on a number of rows, which ends after ``epochs`` epochs.

    The number of epochs in ``train.epochs`` stays, so that schedules have the same values at each epoch as before.
    """
    size = config.train.batch_size
    assert size is not None
    batches = math.ceil(rows / size)
    update = {
        "refit": False,
        "select_epoch": "last",
        "max_steps": epochs * math.ceil(batches / config.train.accumulate),
        "max_time": None,
        "patience": 0,
        "monitor": "loss",
        "metrics": (),
        "threshold": None,
    }
    return config.model_copy(update={"train": config.train.model_copy(update=update)})


def finish_refit(folder: RunFolder, report: Report) -> TrainedNetwork:
    """Write the network of the second run to ``best.h5`` of the first, with scores, and return it.

    It has no validation rows, so it keeps the temperature, the threshold and the validation scores of the network that
    ``best.h5`` had. Those are the same if that is already the network of the second run: it may be done again.
    """
    first, network = load_trained_network(folder.best_network), load_trained_network(folder.refit.best_network)
    copy_calibration(first, network, folder.refit.path)
    network.metrics = first.metrics
    network.task.threshold = first.task.threshold
    config = load_config(folder.config, checks=NO_CHECKS)
    data = load_unchanged(folder, network.preprocessor, report)
    network.scores = score_joined_rows(network, data, config.train, first.scores["validation"])
    epoch = read_scores(folder.scores)["epoch"]
    write_checkpoint(folder.best_network, network.to_tree(), private=True)
    write_text(folder.scores, to_json({"epoch": epoch, **network.scores}, indent=2) + "\n")
    return network


def copy_calibration(source: TrainedNetwork, network: TrainedNetwork, where: Path) -> None:
    """Copy the buffers of the calibrator, if there is one. RunError if the networks differ."""
    known, calibrator = find_calibrator(source), find_calibrator(network)
    if type(known) is not type(calibrator):
        raise RunError(f"{where}: corrupt: expected the network of the run that it refits")
    for name in () if known is None else known.buffer_names:
        getattr(calibrator, name)[...] = getattr(known, name)
