"""Networks from one form of file into another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nntrain.checkpoint.read import is_checkpoint
from nntrain.checkpoint.write import write
from nntrain.errors import RunError
from nntrain.exchange.formats import exports, imports, suffixes, write_network
from nntrain.training.bare_network import bare_tree
from nntrain.training.layer_row import count
from nntrain.training.open import exchanged, open_any
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["convert_network", "holds_network"]

CHECKPOINTS = (".h5", ".hdf5", ".hdf")


def holds_network(path: Path) -> bool:
    """Whether a path is that of a run, a checkpoint, or a network for another program, and not of rows."""
    return path.is_dir() or imports(path) or exports(path) or is_checkpoint(path)


def convert_network(
    path: Path,
    out: Path,
    *,
    input_size: tuple[int, ...] | None = None,
    long_size: int | None = None,
    warn: Callable[[str], object] = str,
) -> tuple[int, Sequence[str], tuple[str, ...]]:
    """Write the network of ``path`` into ``out``, whose suffix says in what form.

    Returns how many numbers its parameters are, what the exporter tells of the file, and what is to be said of the
    network. CheckpointError for one that cannot be read, or for which the other form has nothing; RunError for a suffix
    that says nothing.
    """
    network = open_any(path, long_size=long_size, warn=warn)
    passed = exchanged(network)
    told: Sequence[str] = ()
    if exports(out):
        told = write_network(passed, out, input_size=input_size)
    elif out.suffix.lower() in CHECKPOINTS:
        write(out, network.tree() if isinstance(network, TrainedNetwork) else bare_tree(network))
    else:
        known = f"{', '.join(CHECKPOINTS)}, {suffixes('exporter')}"
        raise RunError(f"{out}: expected a name that ends in one of {known} to write the network of {path}")
    return count(passed.model), told, passed.notes
