"""The gradient of a network, begun anew for every step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.storage_location import get_storage_location
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_written_names

__all__ = ["LazyZeroGrad"]


class LazyZeroGrad:
    """dw, the vector of all gradients, cleared before a step; some of it in name only.

    To clear a gradient and to add a product to it takes two passes over memory more than to write the product there.
    So a layer whose ``acc_grad_parameters`` is marked by ``writes`` is told, in ``fresh``, that its gradients hold
    nothing yet. That goes for the layers of a chain, where each is called once, and for gradients of their own.
    """

    def __init__(self, model: Module, dw: Array) -> None:
        users = np.zeros(dw.size, np.int64)
        for module in dict.fromkeys(model.list_modules()):
            for name in module.parameter_names:
                users[find_gradient_slice(module, name, dw)] += 1
        self.writers: dict[Module, frozenset[str]] = {}
        written = np.zeros(dw.size, bool)
        for module in dict.fromkeys(iterate_layers(model)):
            where = {name: find_gradient_slice(module, name, dw) for name in get_written_names(module)}
            own = {name: some for name, some in where.items() if some.stop and users[some].max() == 1}
            for some in own.values():
                written[some] = True
            if own:
                self.writers[module] = frozenset(own)
                module.fresh = set()
        self.rest = [dw[some] for some in find_runs(~written)]

    def zero_grad(self) -> None:
        """Begin anew."""
        for module, names in self.writers.items():
            module.fresh.update(names)
        for part in self.rest:
            part.fill(0)

    def zero_unwritten(self) -> None:
        """What nothing was written to is 0."""
        for module in self.writers:
            while module.fresh:
                getattr(module, f"grad_{module.fresh.pop()}").fill(0)


def iterate_layers(model: Module) -> Iterator[Module]:
    """The layers of a chain, and of the chains in it."""
    if isinstance(model, Sequential):
        for module in model.modules:
            yield from iterate_layers(module)
    else:
        yield model


def find_gradient_slice(module: Module, name: str, dw: Array) -> slice:
    """The position of a parameter's gradient in dw; an empty slice if the module has none, or it is elsewhere."""
    gradient = getattr(module, f"grad_{name}", None)
    if gradient is None or not np.may_share_memory(gradient, dw):
        return slice(0, 0)
    place = get_storage_location(gradient)
    return slice(place.start, place.stop)


def find_runs(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Iterator[slice]:
    """The stretches where a mask is set."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return (slice(int(start), int(stop)) for start, stop in edges.reshape(-1, 2))
