"""Networks from safetensors files that nntrain wrote."""

from __future__ import annotations

import json
from pathlib import Path

from nntrain.errors import CheckpointError, NntrainError
from nntrain.exchange import Importer, Network
from nntrain.nn.allowance import allowance
from nntrain.nn.build import build
from nntrain.nn.module import Module
from nntrain.nn.state import named_arrays
from nntrain_safetensors.safetensors_exporter import library

__all__ = ["SafetensorsImporter"]

# Numbers that are made from a file without standing in it.
SLACK = 2**20


class SafetensorsImporter(Importer):
    """The network whose spec is in the metadata, with the parameters and buffers of the file.

    Errors: CheckpointError for a file that is damaged, or has no spec, or not the parameters that it calls for;
    PluginError unless safetensors is installed.
    """

    suffixes = (".safetensors",)

    def read(self, path: Path, *, partial: bool = False, long_size: int | None = None) -> Network:
        """The network of a file."""
        library()
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as file:
                spec = (file.metadata() or {}).get("spec")
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
            if spec is None:
                raise CheckpointError(f"{path}: parameters without a network: nntrain reads those that it wrote itself")
            with allowance(SLACK + 4 * sum(array.size for array in arrays.values())):
                model: Module = build(json.loads(spec), "module", overwrites=True)
        except (SafetensorError, NntrainError, OSError, TypeError, ValueError, RecursionError) as error:
            if isinstance(error, CheckpointError):
                raise
            what = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
            raise CheckpointError(f"{path}: not a safetensors file of a network: {' '.join(what.split())}") from error
        kinds = {array.dtype.name for array in arrays.values()}
        if len(kinds) == 1 and kinds <= {"float32", "float64"}:
            model.type(kinds.pop())
        own = {name: array for name, array in named_arrays(model) if not name.rpartition(".")[2].startswith("grad_")}
        for name in sorted(set(own) ^ set(arrays)):
            raise CheckpointError(f"{path}: {name!r} is in the file or in the network alone")
        for name, array in own.items():
            if arrays[name].shape != array.shape:
                raise CheckpointError(f"{path}: {name!r} has shape {arrays[name].shape}, the network's {array.shape}")
            array[...] = arrays[name]
        return Network(model)
