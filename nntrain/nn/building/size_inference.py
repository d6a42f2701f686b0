"""Inference of the sizes that a spec omits, from a batch of inputs."""

import copy
from typing import Any

from nntrain.compute import random
from nntrain.compute.allocation_budget import preserve_budget
from nntrain.compute.array import Value, is_array, is_table
from nntrain.errors import ModuleError, NntrainError, SpecError
from nntrain.nn.batch_axis import set_batch_rows
from nntrain.nn.building.builder import build, check_spec
from nntrain.nn.building.spec_validation import SpecPath, find_class, iterate_tables
from nntrain.nn.container import Container
from nntrain.specs.configurable import get_signature, to_python_numbers


def infer_sizes(spec: dict[str, Any], x: Value, targets: int | None = None) -> dict[str, Any]:
    """Fill in the omitted sizes of a spec from the batch x, and the last output size from ``targets``.

    Each module is run on the output of the one before it, so its input size is known for any kind of layer.
    SpecError if a size cannot be inferred or x does not fit.
    """
    if problems := check_spec(spec, "module", incomplete=True):
        raise SpecError(problems)
    spec = copy.deepcopy(to_python_numbers(spec))
    if targets is not None:
        set_last_size(spec, targets)
    with random.preserve_initial_stream(), set_batch_rows(count_rows(x)):
        infer_and_run(spec, x, (), {})
    return spec


def count_rows(x: Value) -> int:
    """Return the number of rows of an array, or of the first one in a list."""
    while is_table(x) and x:
        x = x[0]
    return len(x) if is_array(x) and x.ndim else 0


def set_last_size(spec: dict[str, Any], targets: int) -> None:
    """Set the output size of the last module of a chain that has one, if omitted."""
    name = find_class(spec["type"], "module").sized_by_target if "type" in spec else None
    if name is not None:
        spec.setdefault(name, targets)
        return
    sized = [child for _, child in get_children(spec) if has_size(child)]
    if sized:
        set_last_size(sized[-1], targets)


def has_size(spec: Any) -> bool:
    """Whether a module, or one inside it, has an output size that the target determines."""
    if not isinstance(spec, dict) or "type" not in spec:
        return False
    own = find_class(spec["type"], "module").sized_by_target is not None
    return own or any(has_size(child) for _, child in get_children(spec))


def infer_and_run(spec: dict[str, Any], x: Value, path: SpecPath, known: dict[str, Any]) -> Value:
    """Fill in the sizes of ``spec`` in place, and return its output for x."""
    if "ref" in spec:
        return known[spec["ref"]].forward(x)
    cls = find_class(spec["type"], "module")
    for name, axis in cls.inferred.items():
        if name not in spec and name in get_signature(cls).parameters:
            spec[name] = get_size(x, axis, name, (*path, name))
    if issubclass(cls, Container) and any(has_missing_sizes(child) for _, child in get_children(spec)):
        outputs: list[Value] = []
        for index, (inner, child) in enumerate(get_children(spec)):
            outputs.append(infer_and_run(child, get_child_input(cls, x, index, outputs, path), (*path, *inner), known))
    return run_module(spec, x, path, known)


def get_children(spec: dict[str, Any]) -> list[tuple[SpecPath, dict[str, Any]]]:
    """Return the module specs inside a container's spec, with their paths."""
    if isinstance(spec.get("module"), dict):
        return [(("module",), spec["module"])]
    return [(("modules", index), child) for index, child in enumerate(spec.get("modules") or [])]


def get_child_input(cls: type[Container], x: Value, index: int, outputs: list[Value], path: SpecPath) -> Value:
    """Return the input of a child. SpecError if the container has none for it."""
    try:
        return cls.get_child_input(x, index, outputs)
    except ModuleError as error:
        raise SpecError([(path, str(error))]) from error


def run_module(spec: dict[str, Any], x: Value, path: SpecPath, known: dict[str, Any]) -> Value:
    """Build the module of a complete spec and run it once, in evaluation mode."""
    # The ids inside may be known already, because its children were built one by one.
    inside = {inner["id"] for inner in iterate_tables(spec) if isinstance(inner.get("id"), str)}
    outside = {name: module for name, module in known.items() if name not in inside}
    try:
        # Each container around this module, and finally the run, builds it again.
        with preserve_budget():
            module = build(spec, "module", outside, allow_inplace=True)
        known.update(outside)
        module.evaluate()
        y = module.forward(x)
    except SpecError as error:
        raise SpecError([((*path, *inner), what) for inner, what in error.problems]) from error
    except NntrainError as error:
        raise SpecError([(path, " ".join(str(error).split()))]) from error
    return y


def has_missing_sizes(spec: dict[str, Any]) -> bool:
    """Whether an argument without a default is missing in a spec or inside it."""
    return any(
        parameter.default is parameter.empty and name not in inner
        for inner in iterate_tables(spec)
        if "type" in inner
        for name, parameter in get_signature(find_class(inner["type"])).parameters.items()
    )


def get_size(x: Value, axis: int, name: str, path: SpecPath) -> int:
    """Return the size of a batch along an axis."""
    if not hasattr(x, "shape") or not -x.ndim <= axis < x.ndim:
        raise SpecError([(path[:-1], f"{name!r} cannot be inferred from the input here; set it")])
    return int(x.shape[axis])
