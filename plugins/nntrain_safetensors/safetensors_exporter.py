"""Parameters into safetensors files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.errors import PluginError
from nntrain.exchange import Exporter, Network
from nntrain.files import whole_file
from nntrain.nn.state import is_gradient, named_arrays

__all__ = ["SafetensorsExporter", "library"]


class SafetensorsExporter(Exporter):
    """Every parameter and buffer of a network under its place: ``0.weight``, ``1.running_mean``; the spec beside them.

    What shares memory in the network stands in the file at each of its places. The metadata are ``format``, "nntrain",
    and ``spec``, the network as JSON.
    Errors: PluginError unless safetensors is installed.
    """

    suffixes = (".safetensors",)

    def write(self, network: Network, path: Path, *, input_size: tuple[int, ...] | None = None) -> None:
        """Write the parameters and buffers of a network."""
        arrays = {
            name: np.ascontiguousarray(array) for name, array in named_arrays(network.model) if not is_gradient(name)
        }
        metadata = {"format": "nntrain", "spec": json.dumps(network.model.spec())}
        with whole_file(path) as temporary:
            library().save_file(arrays, temporary, metadata)


def library() -> Any:
    """safetensors' functions for numpy. PluginError unless it is installed."""
    try:
        from safetensors import numpy as functions
    except ImportError as error:
        raise PluginError('a .safetensors file needs safetensors: pip install "nntrain[safetensors]"') from error
    return functions
