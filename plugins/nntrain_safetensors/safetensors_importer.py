"""The importer of safetensors files written by nntrain."""

import json
import math
import struct
from collections import Counter
from pathlib import Path
from typing import Any

from nntrain.compute.allocation_budget import get_allowed_elements, limit_elements, skip_allocation
from nntrain.compute.array import Array
from nntrain.errors import CheckpointError, NntrainError
from nntrain.exchange import ExchangeNetwork, Importer
from nntrain.nn.building.builder import build
from nntrain.nn.module import Module
from nntrain.nn.state import is_gradient, named_arrays
from nntrain_safetensors.safetensors_exporter import import_safetensors

# A network of 100,000 modules, the maximum, has a header of about 20 MB.
MAX_HEADER_BYTES = 2**25

HEADER_LENGTH = struct.Struct("<Q")


class SafetensorsImporter(Importer):
    """The network whose spec is in the metadata, with the parameters and buffers of the file.

    Errors: CheckpointError for a corrupt file, and for one without a spec or with parameters that do not fit it;
    PluginError unless safetensors is installed.
    """

    suffixes = (".safetensors",)

    def read(self, path: Path, *, partial: bool = False, long_size: int | None = None) -> ExchangeNetwork:
        """Read the network of a file."""
        import_safetensors()
        from safetensors import SafetensorError, safe_open

        try:
            check_header(path)
            with safe_open(path, "numpy") as file:
                spec = (file.metadata() or {}).get("spec")
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
            if spec is None:
                raise CheckpointError(f"{path}: contains parameters without a network; expected a file from nntrain")
            with limit_elements(get_allowed_elements(sum(array.size for array in arrays.values()))), skip_allocation():
                model: Module = build(json.loads(spec), "module", allow_inplace=True)
        except (AttributeError, SafetensorError, NntrainError, OSError, TypeError, ValueError, RecursionError) as error:
            if isinstance(error, CheckpointError):
                raise
            reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
            raise CheckpointError(f"{path}: not a safetensors file of a network: {' '.join(reason.split())}") from error
        except MemoryError:
            raise CheckpointError(f"{path}: {path.stat().st_size:,} bytes do not fit in memory") from None
        kinds = {array.dtype.name for array in arrays.values()}
        if len(kinds) == 1 and kinds <= {"float32", "float64"}:
            model.type(kinds.pop())
        own = dict(named_arrays(model))
        for name in sorted({name for name in own if not is_gradient(name)} ^ set(arrays)):
            raise CheckpointError(f"{path}: {name!r} is only in the {'file' if name in arrays else 'network'}")
        for name, array in arrays.items():
            if array.shape != own[name].shape:
                raise CheckpointError(f"{path}: {name!r}: expected shape {own[name].shape}, got {array.shape}")
        model.restore(merge_state(model, own, arrays))
        return ExchangeNetwork(model)


def check_header(path: Path) -> None:
    """Raise CheckpointError for a header that is too long, or has a name twice: the library drops the first."""
    with path.open("rb") as file:
        start = file.read(HEADER_LENGTH.size)
        if len(start) < HEADER_LENGTH.size:
            raise CheckpointError(f"{path}: not a safetensors file: {len(start)} bytes")
        (length,) = HEADER_LENGTH.unpack(start)
        if length > MAX_HEADER_BYTES:
            raise CheckpointError(
                f"{path}: expected a header of at most {MAX_HEADER_BYTES:,} bytes, got {length:,}; "
                "the file may be malicious or corrupt"
            )
        json.loads(file.read(length), object_pairs_hook=lambda pairs: build_unique_dict(path, pairs))


def build_unique_dict(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of a JSON object as a dict. CheckpointError for a name that occurs twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise CheckpointError(f"{path}: {name!r} occurs twice in the header; the file may be malicious or corrupt")
    return found


def merge_state(model: Module, placeholders: dict[str, Array], arrays: dict[str, Array]) -> dict[str, Any]:
    """Return the state of a network without allocated arrays, with the arrays of a file."""
    return {
        "type": model.type(),
        "blocks": {name: array.astype(placeholders[name].dtype, copy=False) for name, array in arrays.items()},
        "gradients": {
            name: [array.size, array.dtype.name] for name, array in placeholders.items() if is_gradient(name)
        },
        "views": {
            name: [name, 0, list(array.shape), [math.prod(array.shape[axis + 1 :]) for axis in range(array.ndim)]]
            for name, array in placeholders.items()
        },
        "streams": {},
        "sizes": {},
    }
