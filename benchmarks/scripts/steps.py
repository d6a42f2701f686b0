"""Training steps of one system in a process that imports no other, for the measurement of its memory.

python -m benchmarks.scripts.steps ours|pytorch 'MLP AS JSON'
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from importlib import import_module

from benchmarks.mlp.mlp import MLP

# Enough steps for memory to become constant.
STEPS = 20


def main() -> None:
    """Build the network and train it."""
    system, network = sys.argv[1:]
    step = import_module(f"benchmarks.mlp.{system}").step(MLP(**json.loads(network)))
    with ExitStack() as work:
        if system == "ours":
            from nntrain.compute.threads import configure_compute

            work.enter_context(configure_compute())
        for _ in range(STEPS):
            step()


if __name__ == "__main__":
    main()
