"""Detection of in-place modules that overwrite memory that is still needed."""

from collections.abc import Sequence
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
from nntrain.nn.table import iterate_arrays

ModulePath = tuple[str | int, ...]
InplaceProblem = tuple[ModulePath, str]


@dataclass(eq=False)
class TrackedMemory:
    """Memory between modules, and the module whose gradient needs its values, or only their signs."""

    read_by: str = ""
    output_of: str = ""
    signs_of: str = ""


@dataclass(frozen=True)
class TrackedArray:
    """An array: its memory, and the in-place module that overwrites its grad_output, if any."""

    memory: TrackedMemory
    writer: str = ""


def find_inplace_problems(network: Module, *, is_data_input: bool = False) -> list[InplaceProblem]:
    """Return every in-place module that makes outputs or gradients wrong, with its path in the spec.

    Memory is traced from module to module: through modules that return their input (``passes_memory``), into all
    branches, and to modules whose gradient reads their output (``needs_output``). ``is_data_input``: the input of the
    network is data that must not be modified.
    """
    found: list[InplaceProblem] = []
    trace_module(network, TrackedArray(TrackedMemory("the data" if is_data_input else "")), (), found)
    return found


def trace_module(module: Module, x: Any, path: ModulePath, found: list[InplaceProblem]) -> Any:
    """Return the traced output of a module for a traced input."""
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
    """Return the output of a module that overwrites its input, or the first of several."""
    has_several = isinstance(x, list)
    target = next(iterate_arrays(x), TrackedArray(TrackedMemory()))
    memory, label = target.memory, module.label()
    owner = memory.output_of or (memory.signs_of if getattr(module, "changes_signs", False) else "")
    sharer = next((flow.writer for flow in iterate_arrays(x) if flow.writer), "") if has_several else ""
    if memory.read_by or owner:
        needed = f"{memory.read_by or f'the gradient of {owner}'} still needs"
        if memory.read_by == "the data":
            needed = "is the data"
        found.append((path, f"{label} overwrites its input, which {needed}; set inplace = false"))
    elif sharer:
        message = f"{label} gives all its inputs one gradient, which {sharer} overwrites"
        found.append((path, f"{message}; set inplace = false"))
    keeps = getattr(module, "needs_in_place", "")
    if keeps == "values":
        memory.output_of = label
    elif keeps == "signs":
        memory.signs_of = label
    return TrackedArray(memory, "" if has_several else label)


def trace_pass_through(module: Module, x: Any) -> Any:
    """Return the output of a module that returns its input; for a list, run the module to find which element."""
    if not isinstance(x, list):
        return x
    try:
        return module.update_output(x)
    except (ModuleError, LookupError, TypeError, AttributeError, ValueError):
        inputs = list(iterate_arrays(x))
        read_by = next((flow.memory.read_by for flow in inputs if flow.memory.read_by), "")
        output_of = next((flow.memory.output_of for flow in inputs if flow.memory.output_of), "")
        writer = next((flow.writer for flow in inputs if flow.writer), "")
        return TrackedArray(TrackedMemory(read_by, output_of), writer)
    finally:
        module.clear_state()


def trace_container(container: Container, x: Any, path: ModulePath, found: list[InplaceProblem]) -> Any:
    """Return the output of a container; trace its modules one after another."""
    is_chain = isinstance(container, Sequential | Decorator | MapTable)
    is_branching = isinstance(container, BranchContainer)
    is_parallel = isinstance(container, Parallel | ParallelTable)
    if (is_branching and len(container) > 1) or not (is_branching or is_chain or is_parallel):
        reader = f"{type(container).__name__}{f' at {format_path(path)}' if path else ''}"
        for flow in iterate_arrays(x):
            flow.memory.read_by = flow.memory.read_by or reader
    outputs: list[Any] = []
    names, modules = container.mutable_arguments, container.modules
    # The argument with the module of a container of one module.
    single = next(((name,) for name in names if modules and getattr(container, name) is modules[0]), ())
    for index, module in enumerate(modules):
        # The path of the module in the spec of its container.
        inner = ("modules", index) if "modules" in names else single
        child_x = get_child_input(container, x, index, outputs)
        outputs.append(trace_module(module, child_x, (*path, *inner), found))
    if is_chain:
        return outputs[-1] if outputs else x
    return outputs if isinstance(container, ConcatTable | ParallelTable) else TrackedArray(TrackedMemory())


def get_child_input(container: Container, x: Any, index: int, outputs: Sequence[Any]) -> Any:
    """Return the input of a module in a container. Gradients of branches are summed in a separate buffer."""
    try:
        child_x = container.get_child_input(x, index, outputs)
    except ModuleError:
        child_x = x
    return drop_writers(child_x) if isinstance(container, BranchContainer) else child_x


def drop_writers(x: Any) -> Any:
    """Return the same memory without gradient writers."""
    return [drop_writers(item) for item in x] if isinstance(x, list) else TrackedArray(x.memory)
