"""Modules that work in place, on memory that something else still needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nntrain.errors import ModuleError, format_path
from nntrain.nn.bases.branch_container import BranchContainer
from nntrain.nn.container import Container
from nntrain.nn.containers.concat_table import ConcatTable
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.containers.map_table import MapTable
from nntrain.nn.containers.parallel import Parallel
from nntrain.nn.containers.parallel_table import ParallelTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module

__all__ = ["find_inplace_problems"]

ModulePath = tuple[str | int, ...]
InplaceProblem = tuple[ModulePath, str]


@dataclass(eq=False)
class TrackedMemory:
    """Memory between modules: who needs its values after the next module, or only their signs, for a gradient."""

    read_by: str = ""
    output_of: str = ""
    signs_of: str = ""


@dataclass(frozen=True)
class TrackedArray:
    """An array: its memory, and the module that would write its gradient over the gradient that it is given."""

    memory: TrackedMemory
    writer: str = ""


def find_inplace_problems(network: Module, *, is_data_input: bool = False) -> list[InplaceProblem]:
    """Every module inside that works in place where that gives wrong outputs or gradients, with its path in the spec.

    Memory is followed from module to module: through those that pass it on (``passes_memory``), into all branches of a
    fan, and back to a module whose gradient is computed from its output (``needs_output``). ``is_data_input``: the
    input of the network is data, which are not to be written to.
    """
    found: list[InplaceProblem] = []
    trace_module(network, TrackedArray(TrackedMemory("the data" if is_data_input else "")), (), found)
    return found


def trace_module(module: Module, x: Any, path: ModulePath, found: list[InplaceProblem]) -> Any:
    """The output of a module, as flows in lists, for such an input."""
    if isinstance(module, Container):
        return trace_container(module, x, path, found)
    if getattr(module, "inplace", False) is True:
        return trace_inplace(module, x, path, found)
    y = trace_pass_through(module, x) if module.passes_memory else TrackedArray(TrackedMemory())
    if module.needs_output:
        for flow in iterate_arrays(y):
            flow.memory.output_of = module.label()
    return y


def trace_inplace(module: Any, x: Any, path: ModulePath, found: list[InplaceProblem]) -> TrackedArray:
    """The output of a module that writes over its input, the first of several."""
    several = isinstance(x, list)
    target = next(iterate_arrays(x), TrackedArray(TrackedMemory()))
    memory, label = target.memory, module.label()
    owner = memory.output_of or (memory.signs_of if getattr(module, "changes_signs", False) else "")
    sharer = next((flow.writer for flow in iterate_arrays(x) if flow.writer), "") if several else ""
    if memory.read_by or owner:
        needed = f"{memory.read_by or f'the gradient of {owner}'} still needs"
        if memory.read_by == "the data":
            needed = "is the data"
        found.append((path, f"{label} writes over its input, which {needed}; set inplace = false"))
    elif sharer:
        what = f"{label} gives all its inputs one gradient, which {sharer} writes over"
        found.append((path, f"{what}; set inplace = false"))
    keeps = getattr(module, "needs_in_place", "")
    if keeps == "values":
        memory.output_of = label
    elif keeps == "signs":
        memory.signs_of = label
    return TrackedArray(memory, "" if several else label)


def trace_pass_through(module: Module, x: Any) -> Any:
    """The output of a module that passes its input on: which of a table is found by asking the module."""
    if not isinstance(x, list):
        return x
    try:
        return module.update_output(x)
    except (ModuleError, LookupError, TypeError, AttributeError, ValueError):
        inputs = list(iterate_arrays(x))
        read_by = next((flow.memory.read_by for flow in inputs if flow.memory.read_by), "")
        output_of = next((flow.memory.output_of for flow in inputs if flow.memory.output_of), "")
        return TrackedArray(
            TrackedMemory(read_by, output_of), next((flow.writer for flow in inputs if flow.writer), "")
        )
    finally:
        module.clear_state()


def trace_container(container: Container, x: Any, path: ModulePath, found: list[InplaceProblem]) -> Any:
    """The output of a container, whose modules are followed one after another."""
    chain = isinstance(container, Sequential | Decorator | MapTable)
    fan = isinstance(container, BranchContainer)
    if (fan and len(container) > 1) or not (fan or chain or isinstance(container, Parallel | ParallelTable)):
        reader = f"{type(container).__name__}{f' at {format_path(path)}' if path else ''}"
        for flow in iterate_arrays(x):
            flow.memory.read_by = flow.memory.read_by or reader
    outputs: list[Any] = []
    for index, module in enumerate(container.modules):
        outputs.append(
            trace_module(
                module, get_child_input(container, x, index, outputs), (*path, *get_child_path(container, index)), found
            )
        )
    if chain:
        return outputs[-1] if outputs else x
    return outputs if isinstance(container, ConcatTable | ParallelTable) else TrackedArray(TrackedMemory())


def get_child_path(container: Container, index: int) -> ModulePath:
    """The way to a module in the spec of its container."""
    named = container.mutable_arguments
    return ("modules", index) if "modules" in named else ("module",) if "module" in named else ()


def get_child_input(container: Container, x: Any, index: int, outputs: Sequence[Any]) -> Any:
    """What a module in a container is given. The gradients of a fan's branches are added up in memory of its own."""
    try:
        given = container.get_child_input(x, index, outputs)
    except ModuleError:
        given = x
    return drop_writers(given) if isinstance(container, BranchContainer) else given


def drop_writers(x: Any) -> Any:
    """The same memory, without those that write gradients."""
    return [drop_writers(item) for item in x] if isinstance(x, list) else TrackedArray(x.memory)


def iterate_arrays(x: Any) -> Iterator[TrackedArray]:
    """The arrays of a table."""
    if isinstance(x, list):
        for item in x:
            yield from iterate_arrays(item)
    else:
        yield x
