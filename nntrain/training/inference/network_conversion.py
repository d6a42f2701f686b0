"""Convert networks between file formats."""

from collections.abc import Callable, Sequence
from pathlib import Path

from nntrain.checkpoint.reading import is_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.errors import RunError
from nntrain.exchange.network_files import format_suffixes, is_exportable, is_importable, write_network
from nntrain.training.diagnostics.layer_summary import count_parameters
from nntrain.training.inference.network_loading import load_network, to_exchange_network
from nntrain.training.inference.raw_network import build_raw_tree
from nntrain.training.trained_network import TrainedNetwork

CHECKPOINT_SUFFIXES = (".h5", ".hdf5", ".hdf")


def is_network(path: Path) -> bool:
    """Whether a path is a run, a checkpoint, or a network of another framework, and not a data file."""
    return path.is_dir() or is_importable(path) or is_exportable(path) or is_checkpoint(path)


def convert_network(
    path: Path,
    out: Path,
    *,
    input_size: tuple[int, ...] | None = None,
    long_size: int | None = None,
    warn: Callable[[str], object] = str,
) -> tuple[int, Sequence[str], tuple[str, ...]]:
    """Write the network of ``path`` to ``out``, whose suffix selects the format.

    Return the number of parameters, the exporter's report, and notes on the network. CheckpointError for a network
    that cannot be read, or that the format cannot represent; RunError for an unknown suffix.
    """
    network = load_network(path, long_size=long_size, warn=warn)
    exchanged = to_exchange_network(network)
    report: Sequence[str] = ()
    if is_exportable(out):
        report = write_network(exchanged, out, input_size=input_size)
    elif out.suffix.lower() in CHECKPOINT_SUFFIXES:
        write_checkpoint(out, network.to_tree() if isinstance(network, TrainedNetwork) else build_raw_tree(network))
    else:
        known = f"{', '.join(CHECKPOINT_SUFFIXES)}, {format_suffixes('exporter')}"
        raise RunError(f"{out}: expected a name that ends in one of {known} to write the network of {path}")
    return count_parameters(exchanged.model), report, exchanged.notes
