"""The library that multiplies matrices: NumPy, or an installed engine where it is faster on this machine.

Last bits depend on it, so the decision is made once for a machine and kept in the user's cache folder, recorded in
``run.json``, and kept when a run is resumed.
"""

import json
import math
import os
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.compute.cpu_setup import describe_processor
from nntrain.compute.openblas import get_kernels
from nntrain.compute.product_engine import PRODUCTS, ProductEngine, use_engine
from nntrain.compute.threads import get_threading_mode, limit_blas_threads
from nntrain.data.streaming.dataset_cache import get_default_cache_folder
from nntrain.errors import ArgumentError
from nntrain.files.atomic_write import write_atomically
from nntrain.hooks.registry import get_registry
from nntrain.training.run_folder.run_folder import RunFolder

# The environment variable with the name of the engine, "numpy", or "auto" (default).
PRODUCTS_VARIABLE = "NNTRAIN_PRODUCTS"

# Sides of the matrices that are multiplied to compare an engine with NumPy, and the number of comparisons.
MATRIX_SIZES, ROUNDS = (32, 48, 64, 96, 128, 192, 256, 384, 512), 9

# An engine is used if NumPy takes this many times as long.
MIN_SPEEDUP = 1.03

# Multiplications from which an engine that is asked for is used if it is not faster.
REQUESTED_MIN_WORK = 64.0**3


def choose_engine(*, measure: bool = False) -> None:
    """Use NNTRAIN_PRODUCTS; default: an installed engine for the products for which it is faster than NumPy.

    ``measure``: measure that again, if other programs used the processor the first time.
    ArgumentError for another name, or if the engine is not installed.
    """
    asked, engines, names = os.environ.get(PRODUCTS_VARIABLE, "auto"), find_engines(), get_registry().names("engine")
    if asked not in ("auto", "numpy", *names):
        raise ArgumentError(f"{PRODUCTS_VARIABLE}: expected auto, {', '.join(('numpy', *names))}, got {asked!r}")
    if asked not in ("auto", "numpy", *engines):
        raise ArgumentError(
            f"{PRODUCTS_VARIABLE}={asked}: the library is not installed; install it: pip install 'nntrain[{asked}]'"
        )
    # BLAS with threads of its own is faster than an engine with one thread.
    candidates = engines if get_threading_mode() == "pool" else {}
    if asked != "auto":
        candidates = {name: version for name, version in candidates.items() if name == asked}
    for name, version in candidates.items():
        min_work = read_min_work(name, version, measure=measure)
        if math.isfinite(min_work) or asked == name:
            use_engine(create_engine(name), version, min(min_work, math.inf if asked == "auto" else REQUESTED_MIN_WORK))
            return
    use_engine(None)


def restore_engine(folder: RunFolder) -> None:
    """Use the engine with which a run was started, unless NNTRAIN_PRODUCTS is set or it is not installed."""
    metadata = folder.find_metadata()
    if not metadata or PRODUCTS_VARIABLE in os.environ:
        choose_engine()
        return
    known = metadata.get("products", {})  # older runs used NumPy
    name = known.get("engine", "numpy")
    version = find_engines().get(name)
    if version is None:
        use_engine(None)
    else:
        use_engine(create_engine(name), version, known.get("min_work", REQUESTED_MIN_WORK))


def describe_engine() -> dict[str, Any]:
    """Return name and version of the engine in use, and the multiplications from which it is used."""
    if PRODUCTS.engine is None:
        return {"engine": "numpy"}
    return {"engine": PRODUCTS.engine.name, "version": PRODUCTS.version, "min_work": int(PRODUCTS.min_work)}


def find_engines() -> dict[str, str]:
    """Return the versions of the installed engines by name."""
    found = {name: get_registry().find("engine", name).cls.find_version() for name in get_registry().names("engine")}
    return {name: version for name, version in found.items() if version is not None}


def create_engine(name: str) -> ProductEngine:
    """Load the library of an installed engine."""
    engine: ProductEngine = get_registry().find("engine", name).cls()
    return engine


def read_min_work(name: str, version: str, *, measure: bool = False) -> float:
    """Return the number of multiplications from which an engine is faster than NumPy; infinity: never.

    It is measured once for each processor and version, which takes a tenth of a second.
    """
    key, path = describe_comparison(name, version), get_default_cache_folder() / "products.json"
    known = read_results(path)
    if key in known and not measure:
        return math.inf if (found := known[key]) is None else found
    min_work = find_min_work(measure_speedups(create_engine(name)))
    write_result(path, known | {key: min_work if math.isfinite(min_work) else None})
    return min_work


def describe_comparison(name: str, version: str) -> str:
    """Describe the systems that are compared."""
    return f"{name} {version}, numpy {np.__version__} {get_kernels()}, {describe_processor()}"


def read_results(path: Path) -> dict[str, float | None]:
    """Return the results in the cache folder; empty if there are none or the file is corrupt."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    valid = isinstance(found, Mapping) and all(value is None or type(value) in (int, float) for value in found.values())
    return dict(found) if valid else {}


def write_result(path: Path, results: Mapping[str, float | None]) -> None:
    """Write results to the cache folder, if it is writable."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with write_atomically(path) as new:
            new.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    except OSError:
        return


def find_min_work(speedups: Mapping[int, float]) -> float:
    """Return n³ for the smallest n from which on an engine is faster for all measured sizes; infinity: never."""
    slow = [size for size, speedup in speedups.items() if speedup < MIN_SPEEDUP]
    fast = [size for size in speedups if size > max(slow, default=0)]
    return min(fast) ** 3 if fast else math.inf


def measure_speedups(engine: ProductEngine) -> dict[int, float]:
    """Return NumPy's time divided by that of an engine for the products of a linear layer of n inputs and n outputs."""
    return {size: measure_speedup(engine, size) for size in MATRIX_SIZES}


def measure_speedup(engine: ProductEngine, size: int) -> float:
    """Return the median ratio for matrices of one size. Both take turns, so that other load affects both."""
    x, W, y = (np.ones((size, size), np.float32) for _ in range(3))
    count = max(1, (1 << 21) // size**3)

    def run_numpy() -> None:
        np.matmul(x, W.T, out=y)
        np.matmul(x, W, out=y)
        np.matmul(x.T, W, out=y)

    def run_engine() -> None:
        engine.multiply(x, W, y, False, True)
        engine.multiply(x, W, y)
        engine.multiply(x, W, y, True)

    ratios = []
    with limit_blas_threads(1):
        for _ in range(ROUNDS + 1):
            seconds = []
            for run in (run_numpy, run_engine):
                begin = time.perf_counter()
                for _ in range(count):
                    run()
                seconds.append(time.perf_counter() - begin)
            ratios.append(seconds[0] / seconds[1])
    return statistics.median(ratios[1:])  # the first round loads the library's code
