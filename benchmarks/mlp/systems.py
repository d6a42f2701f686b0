"""The systems of the step benchmarks, and their setup."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from importlib import import_module
from types import ModuleType

from benchmarks.comparison import OURS, there
from benchmarks.mlp.mlp import MLP
from benchmarks.pairing import Context
from nntrain.compute.threads import configure_compute, get_num_threads, limit_blas_threads

__all__ = ["MODULES", "able", "context_of", "module_of"]

BY_HAND = "numpy by hand"

MODULES = {
    OURS: "ours",
    "PyTorch": "pytorch",
    "scikit-learn": "scikit_learn",
    "JAX jit": "jax_jit",
    BY_HAND: "by_hand",
}


def able(mlp: MLP) -> list[str]:
    """Return the installed systems that support the network."""
    lacking = {"scikit-learn": mlp.noisy, BY_HAND: mlp.noisy or mlp.optimizer != "SGD"}
    return [side for side in MODULES if not lacking.get(side) and (side in (OURS, BY_HAND) or there(side))]


def module_of(side: str, folder: str = "mlp") -> ModuleType:
    """Import the module of a system for a network and set its number of threads."""
    if side == "PyTorch":
        import torch

        torch.set_num_threads(get_num_threads())
    return import_module(f"benchmarks.{folder}.{MODULES[side]}")


def context_of(side: str) -> Context:
    """Set up nntrain as in ``nntrain fit``, and plain NumPy with the threads of its BLAS."""
    if side == OURS:
        return configure_compute
    return partial(limit_blas_threads, get_num_threads()) if side in ("scikit-learn", BY_HAND) else nullcontext
