"""nntrain side by side with PyTorch, scikit-learn and JAX, each where it is installed.

    pip install "nntrain[bench]"
    python -m benchmarks [steps loop ...] [--quick] [--only TEXT] [--out FOLDER] [--data FOLDER] [--plots FOLDER]

Every case has a process of its own, in which the sides take turns (or which starts the sides' processes in turns). It
may use as many cores as the case has threads. The kernels of BLAS are those that ``nntrain`` itself would take.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from nntrain.compute.cpu_setup import choose_kernels

# By name, in the order of the page.
NAMES = ("steps", "loop", "processes", "reading", "wide", "inference", "memory", "growth", "checkpoint")


def main() -> int:
    """Run what was asked for; 1 if a case failed."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)}; all unless given")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller cases: that it works, no figures")
    parser.add_argument("--only", default="", help="a part of the names of the cases")
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"), help="gets results.md and results.json")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="has adult-train.csv and others")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="gets copies of the plots, such as docs")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no comparison {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    # Before numpy, which everything below imports.
    choose_kernels()
    if options.case is not None:
        give_threads(json.loads(options.case)["threads"])
    from benchmarks.comparison import Settings
    from benchmarks.runner import answer, run_all

    settings = Settings(options.quick, options.data, options.out, options.plots)
    if options.case is not None:
        return answer(options.names[0], options.case, settings)
    return run_all(options.names or NAMES, options.only, settings)


def give_threads(threads: int | None) -> None:
    """So many threads for every side, and cores: libraries that cannot be told ask the system."""
    if threads is None:
        return
    os.environ |= dict.fromkeys(("NNTRAIN_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


if __name__ == "__main__":
    sys.exit(main())
