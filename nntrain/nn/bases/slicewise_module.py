"""The base of layers whose outputs can be computed slice by slice, in parallel."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from nntrain.compute.array import Array, Slice
from nntrain.compute.matmul import MIN_PARALLEL_WORK
from nntrain.compute.threads import get_num_threads, map_ranges
from nntrain.nn.module import Module

# Minimum number of elements of a thread's slice, and the number that is computed at once: several arrays of that size
# fit into the L2 cache. For smaller slices, the calls of two threads wait longer for each other than they take.
SLICE_SIZE = 1 << 16


class SliceTask(NamedTuple):
    """An array that is not computed yet, and the function that computes a slice of it.

    Slices are along the first axis, or ``...`` for the whole array. ``terms``: the number of terms of each sum in a
    product with one matrix for all slices; 0 for other tasks.
    """

    result: Array
    compute: Callable[[Slice], object]
    terms: int = 0


class SlicewiseModule(Module):
    """y[i] = f(x[i]) along the first axis, so slices of y and dx can be computed independently.

    A subclass implements ``plan_output`` and ``plan_grad_input``. They only allocate, because x and dy may not be
    computed yet: ``Sequential`` runs the tasks of successive modules slice by slice, so that threads wait for each
    other once for all of them. ``acc_grad_parameters`` is called after that.
    """

    @abstractmethod
    def plan_output(self, x: Array) -> SliceTask:
        """Set ``output``, and return the task that computes it from floats x."""

    @abstractmethod
    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        """Set ``grad_input``, and return the task that computes it."""

    @property
    def is_slicewise(self) -> bool:
        """Whether tasks can be planned. If not, a subclass has other versions of the methods below."""
        return True

    def update_output(self, x: Array) -> Array:
        task = self.plan_output(self.to_floating(x))
        run_tasks([task])
        return task.result

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        task = self.plan_grad_input(x, dy)
        run_tasks([task])
        return task.result


# The methods that tasks replace.
PASSES = ("forward", "backward", "update_output", "update_grad_input")


def can_plan(module: Module) -> bool:
    """Whether tasks do what the methods of a module do: none is overridden by a subclass or an attribute alone."""
    if not isinstance(module, SlicewiseModule) or not module.is_slicewise:
        return False
    cls: Any = type(module)
    return has_planned_passes(cls) and not any(name in vars(module) for name in PASSES)


@cache
def has_planned_passes(cls: Any) -> bool:
    """Whether no method of the passes is defined by a subclass of the class that defines the tasks."""

    def rank(name: str) -> int:
        return next(index for index, base in enumerate(cls.__mro__) if name in vars(base))

    return max(rank("plan_output"), rank("plan_grad_input")) <= min(map(rank, PASSES))


def run_tasks(tasks: Sequence[SliceTask]) -> bool:
    """Compute the results of successive tasks, whose first axes are equally long, in parallel if that is faster.

    Return whether they were split.
    """
    first = tasks[0].result
    count = len(first) if first.ndim > 1 else 0
    products = [task for task in tasks if task.terms]
    if products:
        length, block = find_product_slice_length(products), count
    else:
        length = block = -(-SLICE_SIZE * count // max(first.size, 1))
    if length >= count:
        for task in tasks:
            task.compute(slice(0, count) if first.ndim > 1 else ...)
        return False

    def compute(some: range) -> None:
        for start in range(some.start, some.stop, block):
            for task in tasks:
                task.compute(slice(start, min(start + block, some.stop)))

    map_ranges(count, compute, length)
    return True


def find_product_slice_length(products: Sequence[SliceTask]) -> int:
    """Return the minimum number of rows of a thread; that of all rows if products are faster as a whole.

    They are not computed in blocks that fit into the caches, because BLAS copies the matrix for each.
    """
    rows = len(products[0].result)
    if any(rows < task.result.shape[-1] for task in products):
        return rows  # splitting the columns is faster
    parts = max(
        max(task.result.size // SLICE_SIZE, task.result.size * task.terms // MIN_PARALLEL_WORK) for task in products
    )
    return -(-rows // max(min(parts, get_num_threads()), 1))
