"""Optimizers, which update a parameter vector, one algorithm per file.

Every registered optimizer is an attribute, including those of plugins: the class ``optim.SGD``, and in lowercase its
functional form, as in Torch: ``x, losses = optim.sgd(opfunc, x, config, state)``; ``dir(optim)`` lists them.
"""

from typing import Any

from nntrain.optim.optimizer import Optimizer
from nntrain.optim.schedules.schedule import Schedule

__all__ = ["Optimizer", "Schedule"]


def __getattr__(name: str) -> Any:
    """Return the optimizer, function or tool. UnknownNameError, an AttributeError, suggests the closest name."""
    from nntrain.optim.functional import resolve

    if name.startswith("_"):
        raise AttributeError(f"module 'nntrain.optim' has no attribute {name!r}")
    return resolve(name)


def __dir__() -> list[str]:
    from nntrain.optim.functional import list_names

    return sorted([*__all__, *list_names()])
