"""The exporter of safetensors files."""

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.storage_location import get_storage_location
from nntrain.errors import CheckpointError, PluginError
from nntrain.exchange import ExchangeNetwork, Exporter
from nntrain.files import write_atomically
from nntrain.formatting import format_size
from nntrain.nn.state import is_gradient, named_arrays

# Arrays that share memory are written once each; no network needs more copies than this.
MAX_COPIES = 32
FREE_BYTES = 64 * 10**6


class SafetensorsExporter(Exporter):
    """Every parameter and buffer of a network under its path, ``0.weight``, ``1.running_mean``, and the spec.

    Arrays that share memory in the network are written at each of their paths. The metadata are ``format``, "nntrain",
    and ``spec``, the network as JSON.
    Errors: PluginError unless safetensors is installed.
    """

    suffixes = (".safetensors",)

    def write(self, network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None) -> None:
        """Write the parameters and buffers of a network."""
        arrays = {
            name: np.ascontiguousarray(array) for name, array in named_arrays(network.model) if not is_gradient(name)
        }
        check_size(path, arrays)
        metadata = {"format": "nntrain", "spec": json.dumps(network.model.spec())}
        with write_atomically(path) as temporary:
            try:
                import_safetensors().save_file(arrays, temporary, metadata)
            except OSError:
                raise
            except Exception as error:  # the library's own error class
                raise extract_system_error(error) or CheckpointError(f"{path}: cannot be written: {error}") from error


def extract_system_error(error: Exception) -> OSError | None:
    """Return the system error in an error of the library, which contains it only as text: ``... (os error 28)``."""
    number = re.search(r"\(os error (\d+)\)", str(error))
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else None


def check_size(path: Path, arrays: dict[str, Array]) -> None:
    """Raise CheckpointError for arrays that share memory and whose copies would fill the disk."""
    shared = {place.key: place.storage.nbytes for place in map(get_storage_location, arrays.values())}
    size, memory = sum(array.nbytes for array in arrays.values()), sum(shared.values())
    if size > FREE_BYTES + MAX_COPIES * memory:
        raise CheckpointError(
            f"{path}: its arrays share {format_size(memory)} of memory and would take {format_size(size)} in a "
            ".safetensors file, which has no sharing; convert to .h5"
        )


def import_safetensors() -> Any:
    """Import the NumPy functions of safetensors. PluginError unless it is installed."""
    try:
        from safetensors import numpy as functions
    except ImportError as error:
        raise PluginError('a .safetensors file needs safetensors: pip install "nntrain[safetensors]"') from error
    return functions
