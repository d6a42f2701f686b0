"""Freeze and unfreeze modules, for fine-tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from nntrain.nn.component import Component
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.parameter_factors import Factor

if TYPE_CHECKING:
    from nntrain.nn.module import Module


def count_frozen_parameters(network: Module) -> int:
    """Return the number of frozen parameters; shared ones count once."""
    frozen = (inner.get_own_parameters()[0] for inner in network.list_modules() if inner.frozen)
    return sum({get_memory_key(array): array.size for arrays in frozen for array in arrays}.values())


class Freezable(Component):
    """The methods of ``Module`` that freeze parameters and running statistics, and the factors of their training."""

    # Set by ``freeze``.
    frozen: bool = False

    # Factors of the learning rate and the weight decay of all parameters inside, or of those of a name. They multiply
    # those of the containers around; the trainer passes them to the optimizer.
    learning_rate_factor: Factor = 1.0
    weight_decay_factor: Factor = 1.0

    def freeze(self) -> Self:
        """Freeze all parameters and running statistics inside, in evaluation mode.

        Frozen parameters are not in ``parameters()``, so nothing trains them. Call this before ``get_parameters``.
        """
        for module in cast("Module", self).list_modules():
            # As in Torch, instance attributes hide the methods of any subclass. The arrays stay attributes and in
            # get_own_parameters(), which checkpoints save.
            vars(module).update(
                frozen=True, parameters=lambda: ([], []), acc_grad_parameters=lambda x, dy, scale=1: None
            )
            module.evaluate()
        return self

    def unfreeze(self) -> Self:
        """Make everything inside trainable again; call ``training()`` to set the mode."""
        for module in cast("Module", self).list_modules():
            for name in ("frozen", "parameters", "acc_grad_parameters"):
                vars(module).pop(name, None)
        return self

    def __str__(self) -> str:
        return f"{super().__str__()} (frozen)" if self.frozen else super().__str__()
