"""y = m[-1](... m[1](m[0](x)))."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import cast

from nntrain.compute.array import Shape, Slice, Value
from nntrain.compute.threads import is_pool_free
from nntrain.nn.backward_checks import check_gradient, check_input
from nntrain.nn.bases.slicewise_module import SliceTask, SlicewiseModule, can_plan, run_tasks
from nntrain.nn.container import Container
from nntrain.nn.module import Module


class Sequential(Container):
    """y = m[-1](... m[1](m[0](x))): each module gets the output of the one before it.

    Shapes:
        arrays or lists of arrays, as the modules require; without modules y = x and dx = dy
    Source: torch/nn, Sequential.lua.
    """

    # Number of first modules that ``backward`` skips.
    _skipped: int = 0

    # The shape of an input whose pass is too short to be split among threads.
    _unsplit_shape: Shape | None = None

    @classmethod
    def get_child_input(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        return outputs[-1] if outputs else x

    def add(self, module: Module) -> Sequential:
        """Append a module."""
        return self.insert(module)

    def insert(self, module: Module, index: int | None = None) -> Sequential:
        """Insert a module before ``index`` (default: at the end). IndexError outside 0..size."""
        index = len(self._modules) if index is None else index
        if not 0 <= index <= len(self._modules):
            raise IndexError(f"Sequential.insert: expected an index of 0..{len(self._modules)}, got {index}")
        super().add(module)
        self._modules.insert(index, self._modules.pop())
        self._set_results()
        return self

    def remove(self, index: int | None = None) -> Module:
        """Remove and return the module at ``index`` (default: the last one). IndexError outside."""
        index = len(self.modules) - 1 if index is None else index
        if not 0 <= index < len(self.modules):
            raise IndexError(f"Sequential.remove: expected an index of 0..{len(self.modules) - 1}, got {index}")
        removed = self.modules.pop(index)
        self._set_results()
        return removed

    def _set_results(self) -> None:
        """Set output to the last module's, and grad_input to the first one's."""
        self._unsplit_shape = None
        if self._modules:
            self.output = self._modules[-1].output
            self.grad_input = self._modules[0].grad_input

    def update_output(self, x: Value) -> Value:
        y, runs = x, self._find_runs(x)
        if is_pool_free():
            self._unsplit_shape = getattr(x, "shape", None)
        for run, planned in runs:
            y = (self._forward_planned if planned else self._forward_each)(run, y)
        self.output = y
        return y

    def _forward_each(self, run: range, y: Value) -> Value:
        """Call ``forward`` of some modules."""
        modules, index = self.modules, 0
        try:
            for index in run:
                y = modules[index].forward(y)
        except Exception as error:
            self.blame(index).add_location(error)
            raise
        return y

    def _forward_planned(self, run: range, y: Value) -> Value:
        """Do what ``forward`` does, slice by slice for all modules of a run."""
        xs, tasks = [], []
        for index in run:
            module = cast(SlicewiseModule, self.modules[index])
            xs.append(y)
            with self.blame(index):
                tasks.append(self._locate(index, module.plan_output(module.to_floating(y))))
            y = tasks[-1].result
        if run_tasks(tasks):
            self._unsplit_shape = None
        for index, module_x in zip(run, xs, strict=True):
            self.modules[index]._fed = module_x
        return y

    def _backward_each(self, run: range, x: Value, dy: Value, scale: float) -> Value:
        """Call ``backward`` of some modules."""
        dx, modules, index = dy, self.modules, 0
        try:
            for index in reversed(run):
                dx = modules[index].backward(get_module_input(modules, index, x), dx, scale)
        except Exception as error:
            self.blame(index).add_location(error)
            raise
        return dx

    def _backward_planned(self, run: range, x: Value, dy: Value, scale: float) -> Value:
        """Do what ``backward`` does, slice by slice for all modules of a run."""
        modules, dys, tasks = self.modules, [], []
        for index in reversed(run):
            module, module_x = cast(SlicewiseModule, modules[index]), get_module_input(modules, index, x)
            dys.append(dy)
            with self.blame(index):
                if module._fed is not module_x:
                    check_input(module, module_x)
                if module.gives_grad_input:
                    tasks.append(self._locate(index, module.plan_grad_input(module_x, dy)))
            dy = tasks[-1].result if module.gives_grad_input else None
        run_tasks(tasks)
        for index, module_dy in zip(reversed(run), dys, strict=True):
            with self.blame(index):
                modules[index].acc_grad_parameters(get_module_input(modules, index, x), module_dy, scale)
        return dy

    def _locate(self, index: int, task: SliceTask) -> SliceTask:
        """Return a task whose errors name the module."""

        def compute(some: Slice) -> None:
            with self.blame(index):
                task.compute(some)

        return task._replace(compute=compute)

    def _find_runs(self, x: Value, start: int = 0) -> list[tuple[range, bool]]:
        """Return ranges of the modules from ``start`` on, and whether their tasks are planned together: two or more."""
        modules = self.modules
        if not is_pool_free() or getattr(x, "shape", None) == self._unsplit_shape:
            return [(range(start, len(modules)), False)]
        runs = []
        for planned, group in groupby(range(start, len(modules)), lambda index: can_plan(modules[index])):
            indices = list(group)
            runs.append((range(indices[0], indices[-1] + 1), planned and len(indices) > 1))
        return runs

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        dx, modules = dy, self.modules
        for index in reversed(range(len(modules))):
            module, module_x = modules[index], get_module_input(modules, index, x)
            with self.blame(index):
                check_input(module, module_x)
                check_gradient(module, dx)
                dx = module.update_grad_input(module_x, dx)
        self.grad_input = dx
        return dx

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        modules = self.modules
        for index in reversed(range(len(modules))):
            module, module_x = modules[index], get_module_input(modules, index, x)
            with self.blame(index):
                check_input(module, module_x)
                check_gradient(module, dy)
                module.acc_grad_parameters(module_x, dy, scale)
            dy = module.grad_input

    def backward(self, x: Value, dy: Value, scale: float = 1) -> Value:
        if self._fed is not x:
            check_input(self, x)
        if getattr(dy, "shape", None) != getattr(self.output, "shape", None):
            check_gradient(self, dy)
        dx = dy
        for run, planned in reversed(self._find_runs(x, self._skipped)):
            dx = (self._backward_planned if planned else self._backward_each)(run, x, dx, scale)
        self.grad_input = dx if self.gives_grad_input else None
        return self.grad_input

    def skip_grad_input(self) -> None:
        """Stop ``backward`` at the first module with parameters; not in subclasses that override backward."""
        if self.get_own_parameters()[0] or type(self).backward is not Sequential.backward:
            return
        self.gives_grad_input = False
        trainable = (index for index, module in enumerate(self.modules) if module.parameters()[0])
        self._skipped = next(trainable, len(self.modules))
        for module in self.modules[self._skipped :][:1]:
            module.skip_grad_input()

    def clear_shared_state(self) -> None:
        super().clear_shared_state()
        self._skipped = 0

    def __str__(self) -> str:
        """A chain of children, as in Torch, with positions from 0."""
        chain = " -> ".join(["input", *(f"({index})" for index in range(len(self.modules))), "output"])
        children = [f"  ({index}): " + str(module).replace("\n", "\n  ") for index, module in enumerate(self.modules)]
        return "\n".join([f"nn.{self.label()} {{", f"  [{chain}]", *children, "}"])


def get_module_input(modules: Sequence[Module], index: int, x: Value) -> Value:
    """Return the input of the module at ``index``: the output of the one before it."""
    return modules[index - 1].output if index else x
