"""The modules of a network by their labels, and the methods of their passes."""

from collections.abc import Iterator

from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module

# The methods of each pass of a module or a criterion.
PASSES = {
    "forward": ("forward", "update_output"),
    "backward": ("backward", "update_grad_input", "acc_grad_parameters"),
}


def iterate_labeled_modules(
    module: Module, prefix: str = "", seen: set[int] | None = None
) -> Iterator[tuple[str, Module]]:
    """Yield every module once, with its path as in errors: ``Sequential[2] > Linear(4 -> 3)``."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    yield prefix + module.label(), module
    for index, child in enumerate(module.children()):
        # As in errors, a decorator is not part of the path.
        step = "" if isinstance(module, Decorator) else f"{type(module).__name__}[{index}] > "
        yield from iterate_labeled_modules(child, prefix + step, seen)
