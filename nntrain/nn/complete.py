"""Sizes that follow: a spec with arguments left out becomes one with all of them, from a batch of inputs."""

from __future__ import annotations

import copy
from typing import Any

from nntrain.errors import NntrainError, SpecError
from nntrain.nn import random
from nntrain.nn.array import Value
from nntrain.nn.build import build, class_of
from nntrain.nn.container import Container
from nntrain.nn.recorded import signature

__all__ = ["complete"]


def complete(spec: dict[str, Any], x: Value, targets: int | None = None) -> dict[str, Any]:
    """``spec`` with every size that follows from the batch x filled in, the last one from the number of ``targets``.

    The network is run on x piece by piece, so whatever the sizes are made of, they are right.
    SpecError where a size does not follow or x does not fit.
    """
    spec = copy.deepcopy(spec)
    if targets is not None:
        size_last(spec, targets)
    with random.undisturbed():
        run(spec, x, (), {})
    return spec


def size_last(spec: dict[str, Any], targets: int) -> None:
    """Give the last module of a chain its output size, if it leaves that out."""
    children = spec.get("modules") or []
    for child in reversed(children):
        if not isinstance(child, dict) or "type" not in child:
            return
        name = class_of(child["type"], "module").sized_by_target
        if name is not None or "modules" in child:
            if name is not None:
                child.setdefault(name, targets)
            size_last(child, targets)
            return


def run(spec: dict[str, Any], x: Value, place: tuple[str | int, ...], ids: dict[str, Any]) -> Value:
    """Fill in the sizes of ``spec`` in place, and return what it makes of x."""
    if "ref" in spec:
        return ids[spec["ref"]].forward(x)
    cls = class_of(spec["type"], "module")
    for name, axis in cls.inferred.items():
        if name not in spec and name in signature(cls).parameters:
            spec[name] = size_along(x, axis, name, (*place, name))
    if issubclass(cls, Container) and spec.get("modules"):
        outputs: list[Value] = []
        if any(unfinished(child) for child in spec["modules"]):
            for index, child in enumerate(spec["modules"]):
                outputs.append(run(child, cls.feed(x, index, outputs), (*place, "modules", index), ids))
    return result(spec, x, place, ids)


def result(spec: dict[str, Any], x: Value, place: tuple[str | int, ...], ids: dict[str, Any]) -> Value:
    """Make the module of a finished spec and run it once, as in prediction."""
    try:
        module = build(spec, "module")
        module.evaluate()
        y = module.forward(x)
    except SpecError as error:
        raise SpecError([((*place, *inner), what) for inner, what in error.problems]) from error
    except NntrainError as error:
        raise SpecError([(place, " ".join(str(error).split()))]) from error
    if "id" in spec:
        ids[spec["id"]] = module
    return y


def unfinished(value: Any) -> bool:
    """Whether a size is missing in a spec or in one inside it."""
    if isinstance(value, list | tuple):
        return any(unfinished(item) for item in value)
    if not isinstance(value, dict):
        return False
    if "type" in value and any(name not in value for name in needed(class_of(value["type"], None))):
        return True
    return any(unfinished(item) for item in value.values())


def needed(cls: type[Any]) -> list[str]:
    """The arguments without a default."""
    return [name for name, parameter in signature(cls).parameters.items() if parameter.default is parameter.empty]


def size_along(x: Value, axis: int, name: str, place: tuple[str | int, ...]) -> int:
    """The size of a batch along an axis."""
    if not hasattr(x, "shape") or not -x.ndim <= axis < x.ndim:
        raise SpecError([(place[:-1], f"{name!r} does not follow from the input here: give it")])
    return int(x.shape[axis])
