"""How a run was made: what ``run.json`` says."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import numpy as np

from nntrain import __version__
from nntrain.compute.denormals import flush_denormals, is_flushing_denormals
from nntrain.compute.openblas import find_openblas
from nntrain.compute.threads import get_num_threads, get_threading_mode
from nntrain.data.fingerprint import HASH
from nntrain.data.prepared import Prepared
from nntrain.files.received import as_given
from nntrain.training.run import Run

__all__ = ["about", "environment"]

LIBRARIES = ("numpy", "h5py", "duckdb", "pydantic")


def about(run: Run, seed: int, command: list[str]) -> dict[str, Any]:
    """Versions, seed, command, BLAS, and the fingerprint of the data."""
    return {
        **environment(),
        "command": command,
        "seed": seed,
        "parameters": int(run.w.size),
        "data": {"fingerprint": run.data.fingerprint, "hash": HASH, "rows": rows(run.data)},
        "notes": [as_given(note) for note in run.data.notes],
    }


def environment() -> dict[str, Any]:
    """What the last bits of a result may depend on, beside the run itself."""
    return {
        "nntrain": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "blas": blas(),
        "threads": get_num_threads(),
        "threading": get_threading_mode(),
        "denormals": denormals(),
    }


def denormals() -> str:
    """What becomes of numbers below the smallest normal one: "flushed" to 0, or "kept" where that cannot be asked."""
    with flush_denormals():
        return "flushed" if is_flushing_denormals() else "kept"


def blas() -> dict[str, Any]:
    """The library that numpy multiplies matrices with, and the processor whose kernels it took."""
    config = np.show_config(mode="dicts")
    found: Any = config["Build Dependencies"]["blas"] if config else {}
    library = find_openblas()
    return {**{name: found.get(name) for name in ("name", "version")}, "kernels": library.kernels if library else ""}


def rows(data: Prepared) -> dict[str, int]:
    """How many rows each part has."""
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    return {name: part.rows for name, part in parts.items() if part is not None}
