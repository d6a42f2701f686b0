"""The processor, before numpy meets it. Imports nothing that takes time."""

from __future__ import annotations

import os
import sys

__all__ = ["KERNELS_VARIABLE", "choose_kernels", "limit_threads", "read_processor", "reserve_cpu_time"]

# The environment variable by which OpenBLAS lets its kernels be chosen, when it is loaded.
KERNELS_VARIABLE = "OPENBLAS_CORETYPE"

CPU_INFO_PATH = "/proc/cpuinfo"

# Bytes that may be mapped (`ulimit -v`), of which a few cores and their threads would take most; threads (`ulimit -u`).
SMALL_MEMORY, FEW_THREADS = 4 << 30, 64

# What the kernels for SkylakeX are made of.
AVX512_FLAGS = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


def choose_kernels() -> None:
    """Have OpenBLAS take its AVX-512 kernels where it would not by itself; before numpy is imported.

    OpenBLAS knows processors by their models. On an AMD processor that is newer than itself it falls back to the AVX2
    kernels, and products of matrices take twice as long. Whoever has set the variable is left alone.
    """
    if KERNELS_VARIABLE in os.environ or "numpy" in sys.modules:
        return
    vendor, flags = read_processor()
    if flags >= AVX512_FLAGS and vendor not in ("", "GenuineIntel"):
        os.environ[KERNELS_VARIABLE] = "SkylakeX"


def limit_threads() -> None:
    """Have OpenBLAS begin with one thread where the system gives few, or little memory; before numpy is imported.

    It reserves tens of megabytes for each core, and ends the process, or sends it INT, if it cannot.
    ``configure_compute`` gives it more threads if they are needed.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, few in ((resource.RLIMIT_AS, SMALL_MEMORY), (resource.RLIMIT_NPROC, FEW_THREADS)):
        if resource.getrlimit(limit)[0] in range(few):
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def reserve_cpu_time() -> None:
    """Have the system send XCPU a second before the limit of CPU time at which it kills: `ulimit -t` sets both."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft == hard > 1:
        resource.setrlimit(resource.RLIMIT_CPU, (hard - 1, hard))


def read_processor() -> tuple[str, set[str]]:
    """The vendor and the abilities of the first processor, as Linux tells them; nothing elsewhere."""
    try:
        with open(CPU_INFO_PATH, encoding="utf-8", errors="replace") as file:
            text = file.read().partition("\n\n")[0]
    except OSError:
        return "", set()
    told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    return told.get("vendor_id", ""), set(told.get("flags", "").split())
