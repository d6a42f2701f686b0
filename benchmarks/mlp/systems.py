"""The systems that can make a step, and what each of them needs around it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from types import ModuleType

from benchmarks.comparison import OURS, there
from benchmarks.mlp.mlp import MLP
from benchmarks.pairing import Context
from nntrain.nn.threads import at_work, blas_threads, threads

__all__ = ["MODULES", "able", "context_of", "module_of"]

MODULES = {"nntrain": "ours", "PyTorch": "pytorch", "scikit-learn": "scikit_learn", "JAX jit": "jax_jit"}


def able(mlp: MLP) -> list[str]:
    """The systems that are installed and have such a network."""
    return [side for side in MODULES if side == OURS or (there(side) and not (side == "scikit-learn" and mlp.noisy))]


def module_of(side: str) -> ModuleType:
    """The module that makes the steps of a system; it is imported, and told how many threads it has."""
    if side == "PyTorch":
        import torch

        torch.set_num_threads(threads())
    return import_module(f"benchmarks.mlp.{MODULES[side]}")


def context_of(side: str) -> Context:
    """nntrain works as in ``nntrain fit``; scikit-learn has the threads of numpy's BLAS."""
    contexts: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "nntrain": at_work,
        "scikit-learn": lambda: blas_threads(threads()),
    }
    return contexts.get(side, nullcontext)
