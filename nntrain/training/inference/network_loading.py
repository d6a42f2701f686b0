"""A network from a run folder or a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.errors import RunError
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.exchange.network_files import format_suffixes, is_exportable, is_importable, read_network, read_value
from nntrain.shell_command import format_command
from nntrain.training.inference.raw_network import restore_raw_network
from nntrain.training.run_folder.provenance import build_version_warnings
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork

__all__ = [
    "find_checkpoint",
    "load_model",
    "load_network",
    "load_trained_network",
    "read_checkpoint_tree",
    "to_exchange_network",
]


def find_checkpoint(path: Path) -> Path:
    """The checkpoint that a run folder or a file stands for. RunError if there is none, or none that is read."""
    if not path.exists():
        raise RunError(f"{path}: no such run folder or checkpoint")
    if is_exportable(path) and not is_importable(path):
        raise RunError(f"{path}: such files are written, not read; read are .h5, {format_suffixes('importer')}")
    if not path.is_dir():
        return path
    folder = RunFolder(path)
    folder.check_run()
    if not folder.best_network.is_file():
        raise RunError(f"{path}: no epoch is done yet; go on with: {format_command('resume', path)}")
    return folder.best_network


def read_checkpoint_tree(path: Path) -> Tree:
    """The tree of a run's best network, or of a checkpoint file."""
    return read_checkpoint(find_checkpoint(path))


def load_network(
    path: Path, *, partial: bool = False, long_size: int | None = None, warn: Callable[[str], object] = str
) -> TrainedNetwork | ExchangeNetwork:
    """The network of a run folder, a checkpoint, or a file of another program, which came without preprocessing.

    ``warn`` receives what may make its outputs others than those of the run.
    """
    if is_importable(path):
        return read_network(path, partial=partial, long_size=long_size)
    where = find_checkpoint(path)
    tree = read_checkpoint(where)
    made = TrainedNetwork.from_tree(tree, str(where)) if "data" in tree else restore_raw_network(tree, str(where))
    for what in build_version_warnings(tree, str(where)):
        warn(what)
    return made


def load_model(path: Path, *, long_size: int | None = None) -> Any:
    """The model of ``load_network``, or what else a file of another program holds."""
    return read_value(path, long_size=long_size) if is_importable(path) else load_network(path).model


def load_trained_network(path: Path, warn: Callable[[str], object] = str) -> TrainedNetwork:
    """A run's best network, or that of a checkpoint file. RunError if it came without the preprocessing of rows."""
    network = load_network(path, warn=warn)
    if isinstance(network, ExchangeNetwork):
        raise RunError(
            f"{path}: a network without targets and preprocessing: nntrain predict gives its outputs; "
            'train it with [model] from = "..."'
        )
    return network


def to_exchange_network(network: TrainedNetwork | ExchangeNetwork) -> ExchangeNetwork:
    """The network as it is handed to other programs."""
    if isinstance(network, ExchangeNetwork):
        return network
    return ExchangeNetwork(network.model, network.criterion, network.preprocessor, threshold=network.task.threshold)
