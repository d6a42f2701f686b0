"""Sizes that follow: a spec with arguments left out becomes one with all of them, from a batch of inputs."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from nntrain.errors import ModuleError, NntrainError, SpecError
from nntrain.nn import random
from nntrain.nn.allowance import uncounted
from nntrain.nn.array import Value, is_array
from nntrain.nn.batch_axis import batch_of
from nntrain.nn.build import build, size_problem
from nntrain.nn.container import Container
from nntrain.nn.recorded import python_numbers, signature
from nntrain.nn.spec_check import Place, class_of, spec_problems
from nntrain.nn.table import is_table

__all__ = ["complete"]


def complete(spec: dict[str, Any], x: Value, targets: int | None = None) -> dict[str, Any]:
    """``spec`` with every size that follows from the batch x filled in, the last one from the number of ``targets``.

    The network is run on x piece by piece, so whatever the sizes are made of, they are right.
    SpecError where a size does not follow or x does not fit.
    """
    if problem := size_problem(spec, {}):
        raise SpecError([problem])
    spec = copy.deepcopy(python_numbers(spec))
    problems = list(spec_problems(spec, "module", (), set(), incomplete=True))
    if problems:
        raise SpecError(problems)
    if targets is not None:
        size_last(spec, targets)
    with random.undisturbed(), batch_of(rows_of(x)):
        run(spec, x, (), {})
    return spec


def rows_of(x: Value) -> int:
    """The number of rows of an array, or of the first of a table."""
    while is_table(x) and x:
        x = x[0]
    return len(x) if is_array(x) and x.ndim else 0


def size_last(spec: dict[str, Any], targets: int) -> None:
    """Give the last module of a chain that has an output size one, if it leaves it out."""
    name = class_of(spec["type"], "module").sized_by_target if "type" in spec else None
    if name is not None:
        spec.setdefault(name, targets)
        return
    sized = [child for _, child in children(spec) if has_size(child)]
    if sized:
        size_last(sized[-1], targets)


def has_size(spec: Any) -> bool:
    """Whether a module, or one inside it, has an output size that may follow from the target."""
    if not isinstance(spec, dict) or "type" not in spec:
        return False
    own = class_of(spec["type"], "module").sized_by_target is not None
    return own or any(has_size(child) for _, child in children(spec))


def run(spec: dict[str, Any], x: Value, place: Place, known: dict[str, Any]) -> Value:
    """Fill in the sizes of ``spec`` in place, and return what it makes of x."""
    if "ref" in spec:
        return known[spec["ref"]].forward(x)
    cls = class_of(spec["type"], "module")
    for name, axis in cls.inferred.items():
        if name not in spec and name in signature(cls).parameters:
            spec[name] = size_along(x, axis, name, (*place, name))
    if issubclass(cls, Container) and any(unfinished(child) for _, child in children(spec)):
        outputs: list[Value] = []
        for index, (inner, child) in enumerate(children(spec)):
            outputs.append(run(child, fed(cls, x, index, outputs, place), (*place, *inner), known))
    return result(spec, x, place, known)


def children(spec: dict[str, Any]) -> list[tuple[Place, dict[str, Any]]]:
    """The modules inside a container's spec, with their places in it."""
    if isinstance(spec.get("module"), dict):
        return [(("module",), spec["module"])]
    return [(("modules", index), child) for index, child in enumerate(spec.get("modules") or [])]


def fed(cls: type[Container], x: Value, index: int, outputs: list[Value], place: Place) -> Value:
    """What a child is given. SpecError if the container has nothing for it."""
    try:
        return cls.feed(x, index, outputs)
    except ModuleError as error:
        raise SpecError([(place, str(error))]) from error


def result(spec: dict[str, Any], x: Value, place: Place, known: dict[str, Any]) -> Value:
    """Make the module of a finished spec and run it once, as in prediction."""
    try:
        # Made again for each container around it, and at last for the run.
        with uncounted():
            module = rebuilt(spec, known)
        module.evaluate()
        y = module.forward(x)
    except SpecError as error:
        raise SpecError([((*place, *inner), what) for inner, what in error.problems]) from error
    except NntrainError as error:
        raise SpecError([(place, " ".join(str(error).split()))]) from error
    return y


def rebuilt(spec: dict[str, Any], known: dict[str, Any]) -> Any:
    """The module of a spec, whose own ids may have been met when its children were run one by one."""
    inside = set(ids_in(spec))
    outside = {name: module for name, module in known.items() if name not in inside}
    module = build(spec, "module", outside, overwrites=True)
    known.update(outside)
    return module


def ids_in(value: Any) -> Iterator[str]:
    """The ids of a spec and of those inside it."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from ids_in(item)
    elif isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        yield from ids_in(list(value.values()))


def unfinished(value: Any) -> bool:
    """Whether a size is missing in a spec or in one inside it."""
    if isinstance(value, list | tuple):
        return any(unfinished(item) for item in value)
    if not isinstance(value, dict):
        return False
    if "type" in value and any(name not in value for name in needed(class_of(value["type"]))):
        return True
    return any(unfinished(item) for item in value.values())


def needed(cls: type[Any]) -> list[str]:
    """The arguments without a default."""
    return [name for name, parameter in signature(cls).parameters.items() if parameter.default is parameter.empty]


def size_along(x: Value, axis: int, name: str, place: Place) -> int:
    """The size of a batch along an axis."""
    if not hasattr(x, "shape") or not -x.ndim <= axis < x.ndim:
        raise SpecError([(place[:-1], f"{name!r} does not follow from the input here: give it")])
    return int(x.shape[axis])
