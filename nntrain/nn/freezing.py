"""Modules whose parameters are not trained: fine-tuning trains the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nntrain.nn.array import Array
from nntrain.nn.parameter import same_memory

if TYPE_CHECKING:
    from nntrain.nn.module import Module

__all__ = ["freeze", "frozen_parameters", "unfreeze"]


def freeze(module: Module) -> None:
    """Freeze one module: it has no parameters to train, adds to no gradient, and stays in evaluation mode.

    Torch's idiom: methods of this one object hide those of its class, whatever the class overrides, and everything that
    asks for ``parameters()`` passes it by. Its arrays stay attributes, and in ``own_parameters()``: checkpoints have
    them.
    """
    vars(module).update(frozen=True, parameters=no_parameters, acc_grad_parameters=nothing)
    module.evaluate()


def unfreeze(module: Module) -> None:
    """Make one module learn again; it stays in evaluation mode until ``training()``."""
    for name in ("frozen", "parameters", "acc_grad_parameters"):
        vars(module).pop(name, None)


def frozen_parameters(network: Module) -> int:
    """The number of parameters that are frozen, those in several places counted once."""
    frozen = (inner for inner in network.list_modules() if inner.frozen)
    return sum({same_memory(array): array.size for inner in frozen for array in inner.own_parameters()[0]}.values())


def no_parameters() -> tuple[list[Array], list[Array]]:
    """The parameters to train, and their gradients: none."""
    return [], []


def nothing(x: Any, dy: Any, scale: float = 1) -> None:
    """Add to no gradient."""
