"""What freezes and unfreezes a module, and all inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from nntrain.nn.component import Component

if TYPE_CHECKING:
    from nntrain.nn.module import Module
from typing import TYPE_CHECKING, Any

from nntrain.compute.array import Array
from nntrain.nn.parameter import get_memory_key

__all__ = ["Freezable", "count_frozen_parameters", "freeze_module", "unfreeze_module"]


def freeze_module(module: Module) -> None:
    """Freeze one module: it has no parameters to train, adds to no gradient, and stays in evaluation mode.

    Torch's idiom: methods of this one object hide those of its class, whatever the class overrides, and everything that
    asks for ``parameters()`` passes it by. Its arrays stay attributes, and in ``get_own_parameters()``: checkpoints
    have them.
    """
    vars(module).update(frozen=True, parameters=get_no_parameters, acc_grad_parameters=skip_accumulation)
    module.evaluate()


def unfreeze_module(module: Module) -> None:
    """Make one module learn again; it stays in evaluation mode until ``training()``."""
    for name in ("frozen", "parameters", "acc_grad_parameters"):
        vars(module).pop(name, None)


def count_frozen_parameters(network: Module) -> int:
    """The number of parameters that are frozen, those in several places counted once."""
    frozen = (inner for inner in network.list_modules() if inner.frozen)
    return sum(
        {get_memory_key(array): array.size for inner in frozen for array in inner.get_own_parameters()[0]}.values()
    )


def get_no_parameters() -> tuple[list[Array], list[Array]]:
    """The parameters to train, and their gradients: none."""
    return [], []


def skip_accumulation(x: Any, dy: Any, scale: float = 1) -> None:
    """Add to no gradient."""


class Freezable(Component):
    """The part of ``Module`` that keeps parameters and statistics as they are, for fine-tuning."""

    # Whether they stay as they are: set by ``freeze``.
    frozen: bool = False

    def freeze(self) -> Self:
        """Keep all parameters and statistics inside as they are, in evaluation mode: no noise, kept statistics.

        Frozen parameters are not in ``parameters()``, so nothing trains them; call it before ``get_parameters``.
        """
        cast("Module", self).apply(freeze_module)
        return self

    def unfreeze(self) -> Self:
        """Train everything inside again; ``training()`` sets the mode."""
        cast("Module", self).apply(unfreeze_module)
        return self

    def __str__(self) -> str:
        return f"{super().__str__()} (frozen)" if self.frozen else super().__str__()
