"""Gradients that are zeroed before a step only where backward does not overwrite them."""

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.storage_location import get_storage_location
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module


class LazyZeroGrad:
    """Zeroes dw, the vector of all gradients, before each step, lazily where possible.

    Zeroing a gradient and adding a product to it takes two more passes over memory than writing the product. So a
    layer whose ``acc_grad_parameters`` is marked with ``writes`` gets the names of these gradients in
    ``unset_gradients`` instead. This applies to unshared gradients of the layers of a chain, which run once per step.
    """

    def __init__(self, model: Module, dw: Array) -> None:
        users = np.zeros(dw.size, np.int64)
        for module in dict.fromkeys(model.list_modules()):
            for name in module.parameter_names:
                users[find_gradient_slice(module, name, dw)] += 1
        self.writers: dict[Module, frozenset[str]] = {}
        written = np.zeros(dw.size, bool)
        for module in dict.fromkeys(iterate_layers(model)):
            names = getattr(module.acc_grad_parameters, "writes", ())
            where = {name: find_gradient_slice(module, name, dw) for name in names}
            own = {name: some for name, some in where.items() if some.stop and users[some].max() == 1}
            for some in own.values():
                written[some] = True
            if own:
                self.writers[module] = frozenset(own)
                module.unset_gradients = set()
        self.rest = [dw[some] for some in find_runs(~written)]

    def zero_grad(self) -> None:
        """Mark lazy gradients as unset and zero the others."""
        for module, names in self.writers.items():
            module.unset_gradients.update(names)
        for part in self.rest:
            part.fill(0)

    def zero_unset(self) -> None:
        """Zero the gradients that are still unset."""
        for module in self.writers:
            while module.unset_gradients:
                getattr(module, f"grad_{module.unset_gradients.pop()}").fill(0)


def iterate_layers(model: Module) -> Iterator[Module]:
    """Iterate over the layers of a chain, including nested chains."""
    if isinstance(model, Sequential):
        for module in model.modules:
            yield from iterate_layers(module)
    else:
        yield model


def find_gradient_slice(module: Module, name: str, dw: Array) -> slice:
    """Return the slice of a parameter's gradient in dw; empty if there is none or it is elsewhere."""
    gradient = getattr(module, f"grad_{name}", None)
    if gradient is None or not np.may_share_memory(gradient, dw):
        return slice(0, 0)
    location = get_storage_location(gradient)
    return slice(location.start, location.stop)


def find_runs(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Iterator[slice]:
    """Iterate over the contiguous ranges where a mask is True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return (slice(int(start), int(stop)) for start, stop in edges.reshape(-1, 2))
