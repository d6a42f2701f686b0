"""The environment of the measurements: machine, versions, kernels."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nntrain import __version__
from nntrain.compute.openblas import get_kernels
from nntrain.compute.threads import count_cores
from nntrain.training.product_choice import describe_engine

__all__ = ["surroundings"]

LIBRARIES = ("numpy", "torch", "scikit-learn", "jax", "pandas", "lightgbm", "catboost", "pytabkit")


def surroundings() -> dict[str, str]:
    """Return the facts that are needed to interpret the results."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "processor": processor(),
        "cores": str(count_cores()),
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
        "nntrain": __version__,
        **{name: installed(name) for name in LIBRARIES},
        "BLAS": f"OpenBLAS, kernels for {get_kernels()}" if get_kernels() else "not OpenBLAS",
        "matrix products": " ".join(str(value) for value in describe_engine().values()),
        "load before": f"{load:.1f}",
    }


def processor() -> str:
    """Return the name of the processor."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def installed(name: str) -> str:
    """Return the version of a library."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
