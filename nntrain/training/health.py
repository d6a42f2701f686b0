"""What this machine and this installation are, how fast products of matrices are here, and what to change."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.hooks.registry import registry
from nntrain.machine import AVX512, KERNELS, processor
from nntrain.nn.threads import blas_threads, cores, threads
from nntrain.training.about import environment

__all__ = ["Health", "examine_machine"]

# Side of the matrices that are multiplied, and seconds for each measurement.
SIDE, SECONDS = 768, 0.3

# Kernels of OpenBLAS that use AVX-512.
FAST = ("SkylakeX", "Cooperlake", "SapphireRapids")


@dataclass(frozen=True)
class Health:
    """Versions and settings, plugins and what is wrong with them, speeds in GFLOP/s by threads, and advice."""

    environment: Mapping[str, Any]
    hdf5: str
    cores: int
    plugins: Mapping[str, str | None]
    gflops: Mapping[int, float]
    advice: list[str]


def examine_machine() -> Health:
    """Look, and measure for about a second."""
    import h5py

    found = environment()
    speeds = {count: gflops(count) for count in sorted({1, threads()})}
    plugins = {f"{plugin.distribution}: {plugin.name}": plugin.error for plugin in registry().plugins}
    return Health(
        environment=found,
        hdf5=h5py.version.hdf5_version,
        cores=cores(),
        plugins=plugins,
        gflops=speeds,
        advice=[*advice_on_kernels(found["blas"]), *advice_on_threads(speeds), *advice_on_plugins(plugins)],
    )


def gflops(count: int) -> float:
    """The speed of a product of matrices in single precision with so many threads: 2 n³ / time, the median."""
    a = np.ones((SIDE, SIDE), np.float32)
    out = np.empty_like(a)
    with blas_threads(count):
        return 2e-9 * SIDE**3 / median_time(lambda: np.matmul(a, a, out=out))


def median_time(work: Callable[[], object]) -> float:
    """The median time of some work, after a first round."""
    work()
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while not times or time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def advice_on_kernels(blas: Mapping[str, Any]) -> Iterator[str]:
    """What keeps the processor's widest instructions from being used."""
    _, flags = processor()
    if not blas["kernels"]:
        yield f"numpy multiplies matrices with {blas['name']}, whose threads nntrain cannot set: expect other speeds"
    elif flags >= AVX512 and blas["kernels"] not in FAST:
        if KERNELS in os.environ:
            yield f"{KERNELS}={os.environ[KERNELS]} keeps OpenBLAS from AVX-512: unset it"
        else:
            yield f"OpenBLAS took its kernels for {blas['kernels']}, without AVX-512: try {KERNELS}=SkylakeX"


def advice_on_threads(speeds: Mapping[int, float]) -> Iterator[str]:
    """Threads that do not help."""
    count = max(speeds)
    if count > cores():
        yield f"NNTRAIN_THREADS={count} is more than the {cores()} cores that may be used: set it to {cores()}"
    elif count > 1 and speeds[count] < 1.3 * speeds[1]:
        yield (
            f"{count} threads are only {speeds[count] / speeds[1]:.1f} times as fast as one: other programs take the "
            "cores, or two of them are one; when it stays so, set NNTRAIN_THREADS=1"
        )
    elif count == 1 and cores() > 1:
        yield f"one thread is used of {cores()} cores: unset NNTRAIN_THREADS"


def advice_on_plugins(plugins: Mapping[str, str | None]) -> Iterator[str]:
    """Plugins that are broken."""
    for name, error in plugins.items():
        if error is not None:
            yield f"the plugin {name} is broken: {error}; update or uninstall it"
