"""Arrays that two modules share by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from nntrain.compute.array import is_array
from nntrain.errors import ModuleError, suggest_name

if TYPE_CHECKING:
    from nntrain.nn.module import Module

# Names that every module accepts, even without such an array: share("weight", "bias") works without a bias.
COMMON_NAMES = ("weight", "bias", "grad_weight", "grad_bias")


def share_arrays(module: Module, other: Module, names: Sequence[str]) -> None:
    """Replace the named arrays of ``module`` itself by those of ``other``. Errors: as ``Module.share``."""
    check_shared_names(module, names)
    for name in names:
        ours, theirs = getattr(module, name, None), getattr(other, name, None)
        if ours is None:
            continue
        if theirs is None:
            raise ModuleError(f"{module.label()} cannot share {name!r} with {other.label()}, which has no such array")
        if theirs.shape != ours.shape:
            raise ModuleError(
                f"{module.label()} cannot share {name!r} with {other.label()}: "
                f"expected shape {ours.shape}, got {theirs.shape}"
            )
        setattr(module, name, theirs)
        module.shared = other.shared = True


def check_shared_names(module: Module, names: Sequence[str]) -> None:
    """Raise ModuleError for the first name that no array of ``module`` or inside it has."""
    if names:
        known = find_known_names(module, names)
        for name in names:
            if name not in known:
                names_inside = map(iterate_array_names, module.list_modules())
                has = list(dict.fromkeys(chain.from_iterable(names_inside)))
                raise ModuleError(
                    f"{module.label()} cannot share {name!r}: expected one of {', '.join(has) or 'no names'}"
                    f"{suggest_name(name, [*has, *COMMON_NAMES])}"
                )


def find_known_names(module: Module, names: Sequence[str]) -> list[str]:
    """Return the names that arrays of ``module`` or inside it may have."""
    inside = module.list_modules()
    return [name for name in names if name in COMMON_NAMES or any(has_array(inner, name) for inner in inside)]


def has_array(module: Module, name: str) -> bool:
    """Whether a module itself has or declares an array of that name."""
    declared = (*module.parameter_names, *module.buffer_names)
    return name.removeprefix("grad_") in declared or is_array(getattr(module, name, None))


def iterate_array_names(module: Module) -> Iterator[str]:
    """Iterate over the names of a module's own parameters, gradients and buffers."""
    for name in (*module.parameter_names, *module.buffer_names):
        if is_array(getattr(module, name, None)):
            yield name
            if name in module.parameter_names:
                yield f"grad_{name}"
