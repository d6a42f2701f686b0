"""Forward rows through a network in blocks that fit in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from nntrain.compute.allocation_budget import limit_memory
from nntrain.compute.array import Value
from nntrain.compute.memory_limit import MIN_BYTES, MemoryLimit, get_limit_for_rows, use_memory_limit
from nntrain.data.streaming.memory_budget import get_default_memory_limit, get_free_memory
from nntrain.errors import CheckpointError, MemoryLimitError
from nntrain.formatting import format_size
from nntrain.nn.batch_axis import forward_batch
from nntrain.nn.module import Module
from nntrain.nn.table import iterate_arrays

# Rows per block at inference: large enough that the cost of calls is small.
BLOCK_ROWS = 1024

# Bytes of a predicted value as a Python object, and of a column of such values with its name.
VALUE_BYTES, COLUMN_BYTES = 32, 300


@dataclass(frozen=True)
class RowLimit:
    """The memory that a network may use for its rows: ``memory`` bytes; default: ``get_limit_for_rows``.

    ``where``: the file of the network, for errors. ``fix``: the advice if it is not enough.
    """

    where: str
    memory: int | None = None
    fix: str = "the file may be malicious, or needs a larger machine"

    @cached_property
    def free_memory(self) -> int:
        """The free memory before the first rows; cached because the query takes longer than a small network."""
        return get_default_memory_limit()

    def get_memory_limit(self, x: Value) -> MemoryLimit:
        """Return the limit for a batch."""
        size = min(get_limit_for_rows(x), self.free_memory) if self.memory is None else max(self.memory, MIN_BYTES)
        return MemoryLimit(size)


def forward_rows(
    model: Module, batch: Callable[[int, int], Value], count: int, limit: RowLimit | None = None
) -> Iterator[tuple[int, Value]]:
    """Yield the number of rows and the outputs of each block; the next block overwrites the outputs.

    Blocks have BLOCK_ROWS rows, or fewer if these exceed ``limit``. CheckpointError if one row exceeds it, or
    MemoryLimitError if only the context has a limit.
    """
    start, step = 0, BLOCK_ROWS
    while start < count:
        stop = min(start + step, count)
        x = batch(start, stop)
        try:
            y = forward_within_limit(model, x, stop - start, limit)
        except MemoryLimitError as error:
            if stop - start == 1:
                raise error if limit is None else CheckpointError(f"{limit.where}: {error}; {limit.fix}") from None
            model.clear_state()
            step = (stop - start) // 2
            continue
        yield stop - start, y
        start = stop


def forward_within_limit(model: Module, x: Value, rows: int, limit: RowLimit | None) -> Value:
    """Return the outputs for a batch. MemoryLimitError if they exceed ``limit``."""
    if limit is None:
        return forward_batch(model, x, rows)
    with use_memory_limit(limit.get_memory_limit(x)) as allowed:
        y = forward_batch(model, x, rows)
    values = sum(array.size for array in iterate_arrays(y))
    if (size := values * VALUE_BYTES + values // rows * COLUMN_BYTES) > allowed.size:
        raise MemoryLimitError(
            f"its {values // rows:,} outputs need {format_size(size)} as columns, the limit is "
            f"{format_size(allowed.size)}"
        )
    return y


@contextmanager
def limit_to_free_memory() -> Iterator[None]:
    """A context in which networks use at most the free memory, for parameters, gradients and outputs."""
    size = get_free_memory()
    with limit_memory(size), use_memory_limit(MemoryLimit(size)):
        yield
