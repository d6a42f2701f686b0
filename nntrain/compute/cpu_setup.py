"""Setup of the process before NumPy is imported. Imports nothing slow."""

import os
import platform
import sys

# The environment variable that selects OpenBLAS's kernels when it is loaded.
KERNELS_VARIABLE = "OPENBLAS_CORETYPE"

CPU_INFO_PATH = "/proc/cpuinfo"

# Limits below which OpenBLAS gets one thread: bytes of address space (`ulimit -v`), and processes (`ulimit -u`).
SMALL_MEMORY, FEW_THREADS = 4 << 30, 64

# CPU flags that the kernels for SkylakeX require.
AVX512_FLAGS = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


def choose_kernels() -> None:
    """Select OpenBLAS's AVX-512 kernels if it would not do so itself. Call before NumPy is imported.

    OpenBLAS selects kernels by processor model. On an AMD processor newer than the library it falls back to AVX2, and
    matrix products take twice as long. An existing value of the variable is kept.
    """
    if KERNELS_VARIABLE in os.environ or "numpy" in sys.modules:
        return
    vendor, flags = read_processor()
    if flags >= AVX512_FLAGS and vendor not in ("", "GenuineIntel"):
        os.environ[KERNELS_VARIABLE] = "SkylakeX"


def limit_threads() -> None:
    """Start OpenBLAS with one thread if memory or threads are limited. Call before NumPy is imported.

    It reserves tens of megabytes per core, and ends the process, or sends it SIGINT, if that fails.
    ``configure_compute`` sets more threads later if needed.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, few in ((resource.RLIMIT_AS, SMALL_MEMORY), (resource.RLIMIT_NPROC, FEW_THREADS)):
        if resource.getrlimit(limit)[0] in range(few):
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def reserve_cpu_time() -> None:
    """Lower the soft limit of CPU time so that SIGXCPU comes a second before SIGKILL: `ulimit -t` sets both limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft == hard > 1:
        resource.setrlimit(resource.RLIMIT_CPU, (hard - 1, hard))


def read_processor() -> tuple[str, set[str]]:
    """Return vendor and flags of the first processor on Linux; empty elsewhere."""
    try:
        with open(CPU_INFO_PATH, encoding="utf-8", errors="replace") as file:
            text = file.read().partition("\n\n")[0]
    except OSError:
        return "", set()
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    return fields.get("vendor_id", ""), set(fields.get("flags", "").split())


def describe_processor() -> str:
    """Describe the processor as far as last bits depend on it: AMD's and Intel's approximations of 1/x differ."""
    vendor, flags = read_processor()
    return f"{vendor or platform.machine()}, {'with' if flags >= AVX512_FLAGS else 'without'} AVX-512"
