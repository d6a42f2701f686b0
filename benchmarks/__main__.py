"""Benchmarks of nntrain against PyTorch, scikit-learn, JAX and, for quality, gradient boosting, as far as installed.

    pip install "nntrain[bench]"
    python -m benchmarks [steps loop ...] [--quick] [--only TEXT] [--out FOLDER] [--data FOLDER] [--plots FOLDER]

Each case runs in a separate process, in which the systems take turns (or which starts their processes in turns), with
as many cores as threads. BLAS uses the kernels that ``nntrain`` selects.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from nntrain.compute.cpu_setup import choose_kernels

# By name, in the order of the page: of speed and memory, which is the default, and of quality, which takes hours.
SPEED = ("steps", "loop", "processes", "reading", "wide", "inference", "convolution", "memory", "growth", "checkpoint")
NAMES = (*SPEED, "quality")


def main() -> int:
    """Run the selected comparisons; return 1 if a case failed."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"comparisons: {', '.join(NAMES)}; default: all but quality"
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller cases, for a test only")
    parser.add_argument("--only", default="", help="part of the names of the cases to run")
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"), help="folder for results")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with data sets")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="folder for copies of the plots, such as docs")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"unknown comparison {', '.join(sorted(unknown))}; expected one of: {', '.join(NAMES)}")
    # Before the import of NumPy below.
    choose_kernels()
    if options.case is not None:
        set_threads(json.loads(options.case)["threads"])
    from benchmarks.comparison import Settings
    from benchmarks.runner import answer, run_all

    settings = Settings(options.quick, options.data, options.out, options.plots)
    if options.case is not None:
        return answer(options.names[0], options.case, settings)
    return run_all(options.names or SPEED, options.only, settings)


def set_threads(threads: int | None) -> None:
    """Set the number of threads and cores; some libraries use the number of cores."""
    if threads is None:
        return
    os.environ |= dict.fromkeys(("NNTRAIN_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


if __name__ == "__main__":
    sys.exit(main())
