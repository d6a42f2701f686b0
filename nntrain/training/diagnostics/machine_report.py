"""A report on this machine and installation, the speed of matrix products, and advice."""

import os
import statistics
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.compute.cpu_setup import AVX512_FLAGS, KERNELS_VARIABLE, read_processor
from nntrain.compute.matmul import matmul
from nntrain.compute.threads import configure_compute, count_cores, get_num_threads, limit_blas_threads
from nntrain.hooks.registry import get_registry
from nntrain.training.product_choice import choose_engine, create_engine, find_engines, measure_speedup
from nntrain.training.run_folder.run_metadata import get_environment

# Side of the multiplied matrices, and seconds of the measurement.
MATRIX_SIZE, BENCHMARK_SECONDS = 768, 0.8

# Kernels of OpenBLAS that use AVX-512.
AVX512_KERNELS = ("SkylakeX", "Cooperlake", "SapphireRapids")


@dataclass(frozen=True)
class MachineReport:
    """Versions and settings, plugins with their errors, speeds in GFLOP/s by thread count, and advice.

    ``engines``: NumPy's time for the largest products divided by that of each installed engine.
    ``kernels_asked``: OPENBLAS_CORETYPE, which nntrain sets unless the user has set it.
    """

    environment: Mapping[str, Any]
    kernels_asked: str | None
    hdf5: str
    cores: int
    plugins: Mapping[str, str | None]
    gflops: Mapping[int, float]
    engines: Mapping[str, float]
    advice: list[str]


def build_machine_report() -> MachineReport:
    """Collect the report; the measurement takes about a second."""
    import h5py

    choose_engine(measure=True)
    environment = get_environment()
    vendor, flags = read_processor()
    speeds = measure_gflops(sorted({1, get_num_threads()}))
    engines = find_engines()
    speedups = {name: measure_speedup(create_engine(name), MATRIX_SIZE) for name in engines}
    plugins = {f"{plugin.distribution}: {plugin.name}": plugin.error for plugin in get_registry().plugins}
    return MachineReport(
        environment=environment,
        kernels_asked=os.environ.get(KERNELS_VARIABLE),
        hdf5=h5py.version.hdf5_version,
        cores=count_cores(),
        plugins=plugins,
        gflops=speeds,
        engines=speedups,
        advice=[
            *find_kernel_advice(environment["blas"], flags),
            *find_thread_advice(speeds),
            *find_engine_advice(vendor, engines),
            *find_plugin_advice(plugins),
        ],
    )


def measure_gflops(counts: Sequence[int]) -> dict[int, float]:
    """Measure the speed of a matrix product in single precision by thread count: 2 n³ / time, the median.

    The thread counts take turns, so that other load on the machine affects all of them.
    """
    a = np.ones((MATRIX_SIZE, MATRIX_SIZE), np.float32)
    out = np.empty_like(a)
    times: dict[int, list[float]] = {count: [] for count in counts}
    end = time.perf_counter() + BENCHMARK_SECONDS
    while time.perf_counter() < end or not all(times.values()):
        for count, measured in times.items():
            with limit_blas_threads(1) if count == 1 else configure_compute():
                matmul(a, a, out)
                begin = time.perf_counter()
                matmul(a, a, out)
                measured.append(time.perf_counter() - begin)
    return {count: 2e-9 * MATRIX_SIZE**3 / statistics.median(measured) for count, measured in times.items()}


def find_kernel_advice(blas: Mapping[str, Any], flags: set[str]) -> Iterator[str]:
    """Yield the reasons that OpenBLAS does not use AVX-512 although the processor has these flags."""
    if not blas["kernels"]:
        yield f"numpy uses {blas['name']}, whose threads nntrain cannot set; speeds will differ"
    elif flags >= AVX512_FLAGS and blas["kernels"] not in AVX512_KERNELS:
        asked = os.environ.get(KERNELS_VARIABLE)
        if asked in AVX512_KERNELS:
            yield (
                f"{KERNELS_VARIABLE}={asked}, but OpenBLAS uses its kernels for {blas['kernels']}, the only ones in "
                "this build of numpy; install numpy's own wheel: pip install --force-reinstall numpy"
            )
        elif asked is not None:
            yield f"{KERNELS_VARIABLE}={asked} prevents OpenBLAS from using AVX-512; unset it"
        else:
            yield f"OpenBLAS uses its kernels for {blas['kernels']}, without AVX-512; try {KERNELS_VARIABLE}=SkylakeX"


def find_thread_advice(speeds: Mapping[int, float]) -> Iterator[str]:
    """Yield advice on the number of threads."""
    count = max(speeds)
    if count > count_cores():
        cores = count_cores()
        yield f"NNTRAIN_THREADS={count} is more than the {cores} available cores; set it to {cores}"
    elif count > 1 and speeds[count] < 1.3 * speeds[1]:
        yield (
            f"{count} threads are only {speeds[count] / speeds[1]:.1f} times as fast as one: other programs use the "
            "cores, or they are hyperthreads of one core; if it persists, set NNTRAIN_THREADS=1"
        )
    elif count == 1 and count_cores() > 1:
        yield f"one thread is used on {count_cores()} cores; unset NNTRAIN_THREADS"


def find_engine_advice(vendor: str, engines: Collection[str]) -> Iterator[str]:
    """Yield advice to install MKL where it is usually faster."""
    if vendor == "GenuineIntel" and "mkl" not in engines:
        yield (
            "MKL takes about 0.8 to 0.95 of the time of NumPy's matrix products on Intel processors; install it: "
            "pip install 'nntrain[mkl]'"
        )


def find_plugin_advice(plugins: Mapping[str, str | None]) -> Iterator[str]:
    """Yield advice on broken plugins."""
    for name, error in plugins.items():
        if error is not None:
            yield f"the plugin {name} is broken: {error}; update or uninstall it"
