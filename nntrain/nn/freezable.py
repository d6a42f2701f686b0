"""What freezes and unfreezes a module, and all inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from nntrain.nn.component import Component
from nntrain.nn.freezing import freeze, unfreeze

if TYPE_CHECKING:
    from nntrain.nn.module import Module

__all__ = ["Freezable"]


class Freezable(Component):
    """The part of ``Module`` that keeps parameters and statistics as they are, for fine-tuning."""

    # Whether they stay as they are: set by ``freeze``.
    frozen: bool = False

    def freeze(self) -> Self:
        """Keep all parameters and statistics inside as they are, in evaluation mode: no noise, kept statistics.

        Frozen parameters are not in ``parameters()``, so nothing trains them; call it before ``get_parameters``.
        """
        cast("Module", self).apply(freeze)
        return self

    def unfreeze(self) -> Self:
        """Train everything inside again; ``training()`` sets the mode."""
        cast("Module", self).apply(unfreeze)
        return self

    def __str__(self) -> str:
        return f"{super().__str__()} (frozen)" if self.frozen else super().__str__()
