"""Modules that work in place, on memory that something else still needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nntrain.errors import ModuleError, spell
from nntrain.nn.container import Container
from nntrain.nn.containers.concat_table import ConcatTable
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.containers.map_table import MapTable
from nntrain.nn.containers.parallel import Parallel
from nntrain.nn.containers.parallel_table import ParallelTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.fan import Fan
from nntrain.nn.module import Module

__all__ = ["overwriting_problems"]

Place = tuple[str | int, ...]
Problem = tuple[Place, str]


@dataclass(eq=False)
class Memory:
    """Memory between modules: who needs its values after the next module, or only their signs, for a gradient."""

    read_by: str = ""
    output_of: str = ""
    signs_of: str = ""


@dataclass(frozen=True)
class Flow:
    """An array: its memory, and the module that would write its gradient over the gradient that it is given."""

    memory: Memory
    writer: str = ""


def overwriting_problems(network: Module, *, fed_data: bool = False) -> list[Problem]:
    """Every module inside that works in place where that gives wrong outputs or gradients, with its path in the spec.

    Memory is followed from module to module: through those that pass it on (``passes_memory``), into all branches of a
    fan, and back to a module whose gradient is computed from its output (``needs_output``). ``fed_data``: the input of
    the network is data, which are not to be written to.
    """
    found: list[Problem] = []
    follow(network, Flow(Memory("the data" if fed_data else "")), (), found)
    return found


def follow(module: Module, x: Any, path: Place, found: list[Problem]) -> Any:
    """The output of a module, as flows in lists, for such an input."""
    if isinstance(module, Container):
        return inside(module, x, path, found)
    if getattr(module, "inplace", False) is True:
        return written(module, x, path, found)
    y = passed(module, x) if module.passes_memory else Flow(Memory())
    if module.needs_output:
        for flow in flows(y):
            flow.memory.output_of = module.label()
    return y


def written(module: Any, x: Any, path: Place, found: list[Problem]) -> Flow:
    """The output of a module that writes over its input, the first of several."""
    several = isinstance(x, list)
    target = next(flows(x), Flow(Memory()))
    memory, label = target.memory, module.label()
    owner = memory.output_of or (memory.signs_of if getattr(module, "changes_signs", False) else "")
    sharer = next((flow.writer for flow in flows(x) if flow.writer), "") if several else ""
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
    return Flow(memory, "" if several else label)


def passed(module: Module, x: Any) -> Any:
    """The output of a module that passes its input on: which of a table is found by asking the module."""
    if not isinstance(x, list):
        return x
    try:
        return module.update_output(x)
    except (ModuleError, LookupError, TypeError, AttributeError, ValueError):
        inputs = list(flows(x))
        read_by = next((flow.memory.read_by for flow in inputs if flow.memory.read_by), "")
        output_of = next((flow.memory.output_of for flow in inputs if flow.memory.output_of), "")
        return Flow(Memory(read_by, output_of), next((flow.writer for flow in inputs if flow.writer), ""))
    finally:
        module.clear_state()


def inside(container: Container, x: Any, path: Place, found: list[Problem]) -> Any:
    """The output of a container, whose modules are followed one after another."""
    chain = isinstance(container, Sequential | Decorator | MapTable)
    fan = isinstance(container, Fan)
    if (fan and len(container) > 1) or not (fan or chain or isinstance(container, Parallel | ParallelTable)):
        reader = f"{type(container).__name__}{f' at {spell(path)}' if path else ''}"
        for flow in flows(x):
            flow.memory.read_by = flow.memory.read_by or reader
    outputs: list[Any] = []
    for index, module in enumerate(container.modules):
        outputs.append(follow(module, fed(container, x, index, outputs), (*path, *step(container, index)), found))
    if chain:
        return outputs[-1] if outputs else x
    return outputs if isinstance(container, ConcatTable | ParallelTable) else Flow(Memory())


def step(container: Container, index: int) -> Place:
    """The way to a module in the spec of its container."""
    named = container.mutable_arguments
    return ("modules", index) if "modules" in named else ("module",) if "module" in named else ()


def fed(container: Container, x: Any, index: int, outputs: Sequence[Any]) -> Any:
    """What a module in a container is given. The gradients of a fan's branches are added up in memory of its own."""
    try:
        given = container.feed(x, index, outputs)
    except ModuleError:
        given = x
    return bare(given) if isinstance(container, Fan) else given


def bare(x: Any) -> Any:
    """The same memory, without those that write gradients."""
    return [bare(item) for item in x] if isinstance(x, list) else Flow(x.memory)


def flows(x: Any) -> Iterator[Flow]:
    """The arrays of a table."""
    if isinstance(x, list):
        for item in x:
            yield from flows(item)
    else:
        yield x
