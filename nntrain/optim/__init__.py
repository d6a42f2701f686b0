"""Optimizers: vector in, vector out, one algorithm a file.

Every registered optimizer is an attribute, wherever it was installed from: the class ``optim.SGD``, and in lower case
its functional form, as in Torch: ``x, losses = optim.sgd(opfunc, x, config, state)``; ``dir(optim)`` lists them.
"""

from __future__ import annotations

from typing import Any

from nntrain.optim.optimizer import Optimizer
from nntrain.optim.schedules.schedule import Schedule

__all__ = ["Optimizer", "Schedule"]


def __getattr__(name: str) -> Any:
    """The optimizer, functional form or tool of that name. UnknownNameError, an AttributeError, names the nearest."""
    from nntrain.optim.functional import resolve

    if name.startswith("_"):
        raise AttributeError(f"module 'nntrain.optim' has no attribute {name!r}")
    return resolve(name)


def __dir__() -> list[str]:
    from nntrain.optim.functional import list_names

    return sorted([*__all__, *list_names()])
