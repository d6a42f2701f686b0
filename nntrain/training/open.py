"""A network from a run folder or a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.read import read
from nntrain.errors import RunError
from nntrain.exchange.formats import exports, imports, read_network, read_value, suffixes
from nntrain.exchange.network import Network
from nntrain.shell import nntrain_command
from nntrain.training.bare_network import bare_network
from nntrain.training.origins import version_warnings
from nntrain.training.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["exchanged", "file_of", "load_any", "open_any", "open_network", "open_tree"]


def file_of(path: Path) -> Path:
    """The checkpoint that a run folder or a file stands for. RunError if there is none, or none that is read."""
    if not path.exists():
        raise RunError(f"{path}: no such run folder or checkpoint")
    if exports(path) and not imports(path):
        raise RunError(f"{path}: such files are written, not read; read are .h5, {suffixes('importer')}")
    if not path.is_dir():
        return path
    folder = RunFolder(path)
    folder.check_run()
    if not folder.best.is_file():
        raise RunError(f"{path}: no epoch is done yet; go on with: {nntrain_command('resume', path)}")
    return folder.best


def open_tree(path: Path) -> Tree:
    """The tree of a run's best network, or of a checkpoint file."""
    return read(file_of(path))


def open_any(
    path: Path, *, partial: bool = False, long_size: int | None = None, warn: Callable[[str], object] = str
) -> TrainedNetwork | Network:
    """The network of a run folder, a checkpoint, or a file of another program, which came without preprocessing.

    ``warn`` receives what may make its outputs others than those of the run.
    """
    if imports(path):
        return read_network(path, partial=partial, long_size=long_size)
    where = file_of(path)
    tree = read(where)
    made = TrainedNetwork.from_tree(tree, str(where)) if "data" in tree else bare_network(tree, str(where))
    for what in version_warnings(tree, str(where)):
        warn(what)
    return made


def load_any(path: Path, *, long_size: int | None = None) -> Any:
    """The model of ``open_any``, or what else a file of another program holds."""
    return read_value(path, long_size=long_size) if imports(path) else open_any(path).model


def open_network(path: Path, warn: Callable[[str], object] = str) -> TrainedNetwork:
    """A run's best network, or that of a checkpoint file. RunError if it came without the preprocessing of rows."""
    network = open_any(path, warn=warn)
    if isinstance(network, Network):
        raise RunError(
            f"{path}: a network without targets and preprocessing: nntrain predict gives its outputs; "
            'train it with [model] from = "..."'
        )
    return network


def exchanged(network: TrainedNetwork | Network) -> Network:
    """The network as it is handed to other programs."""
    if isinstance(network, Network):
        return network
    return Network(network.model, network.criterion, network.schema, threshold=network.task.threshold)
