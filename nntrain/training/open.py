"""A trained network from a run folder or a file."""

from __future__ import annotations

from pathlib import Path

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.read import read
from nntrain.errors import RunError
from nntrain.training.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["file_of", "open_network", "open_tree"]


def file_of(path: Path) -> Path:
    """The checkpoint that a run folder or a file stands for. RunError if there is none."""
    if not path.exists():
        raise RunError(f"{path}: no such run folder or checkpoint")
    if not path.is_dir():
        return path
    folder = RunFolder(path)
    folder.check_run()
    if not folder.best.is_file():
        raise RunError(f"{path}: no epoch is done yet; go on with: nntrain resume {path}")
    return folder.best


def open_tree(path: Path) -> Tree:
    """The tree of a run's best network, or of a checkpoint file."""
    return read(file_of(path))


def open_network(path: Path) -> TrainedNetwork:
    """A run's best network, or that of a checkpoint file, ready to predict."""
    where = file_of(path)
    return TrainedNetwork.from_tree(read(where), str(where))
