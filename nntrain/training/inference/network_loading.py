"""Load a network from a run folder or a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nntrain.checkpoint.reading import is_checkpoint, read_checkpoint
from nntrain.errors import CheckpointError, RunError
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.exchange.network_files import format_suffixes, is_exportable, is_importable, read_network, read_value
from nntrain.shell_command import format_command
from nntrain.training.inference.raw_network import restore_raw_network
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.provenance import build_version_warnings
from nntrain.training.run_folder.run_files import check_run_items
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork


def find_checkpoint(path: Path) -> Path:
    """Return the checkpoint of a run folder or a file. RunError if there is none, or it cannot be read."""
    if not path.exists():
        raise RunError(f"{path}: no such run folder or checkpoint")
    if is_exportable(path) and not is_importable(path):
        raise RunError(f"{path}: this format can only be written; expected one of .h5, {format_suffixes('importer')}")
    if path.is_file() and path.suffix != ".h5" and not is_importable(path) and not is_checkpoint(path):
        raise CheckpointError(f"{path}: expected a run folder or a network: .h5, {format_suffixes('importer')}")
    if not path.is_dir():
        return path
    if (average := find_average(FoldsFolder(path))) is not None:
        return average
    folder = RunFolder(path)
    folder.check_run()
    if not folder.best_network.is_file():
        raise RunError(f"{path}: no epoch is complete yet; resume with: {format_command('resume', path)}")
    return folder.best_network


def find_average(folder: FoldsFolder) -> Path | None:
    """Return the checkpoint of the average of the networks of all validation folds; None for another folder.

    RunError if the average is not written yet.
    """
    check_run_items(folder.path)
    if not folder.is_started:
        return None
    if folder.best_network.is_file():
        return folder.best_network
    if folder.read_config().data.validation_folds is None:
        return None
    raise RunError(
        f"{folder.path}: the networks of some folds are not trained yet; resume with: "
        f"{format_command('resume', folder.path)}"
    )


def load_network(
    path: Path, *, long_size: int | None = None, warn: Callable[[str], object] = str
) -> TrainedNetwork | ExchangeNetwork:
    """Load the network of a run folder, a checkpoint, or a file of another framework (without preprocessing).

    ``warn`` receives warnings about possible differences from the outputs of the run.
    """
    if is_importable(path):
        return read_network(path, long_size=long_size)
    where = find_checkpoint(path)
    tree = read_checkpoint(where)
    restore = TrainedNetwork.from_tree if "data" in tree else restore_raw_network
    network = restore(tree, str(where))
    for warning in build_version_warnings(tree, str(where)):
        warn(warning)
    return network


def load_model(path: Path, *, long_size: int | None = None) -> Any:
    """Load the model of ``load_network``, or the other content of a file of another framework."""
    return read_value(path, long_size=long_size) if is_importable(path) else load_network(path).model


def load_trained_network(path: Path, warn: Callable[[str], object] = str) -> TrainedNetwork:
    """Load a run's best network, or that of a checkpoint file. RunError if it has no preprocessing."""
    network = load_network(path, warn=warn)
    if isinstance(network, ExchangeNetwork):
        raise RunError(
            f"{path}: the network has no target and no preprocessing; get its outputs with nntrain predict, or train "
            'it with [model] from = "..."'
        )
    return network


def to_exchange_network(network: TrainedNetwork | ExchangeNetwork) -> ExchangeNetwork:
    """Return the network in the form that exporters take."""
    if isinstance(network, ExchangeNetwork):
        return network
    return ExchangeNetwork(network.model, network.criterion, network.preprocessor, threshold=network.task.threshold)
