"""The log of array operations: bytes by component and pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

from nntrain.compute.array import Array
from nntrain.training.traffic.cache_model import CacheModel
from nntrain.training.traffic.memory_span import MemorySpan, find_spans
from nntrain.training.traffic.traffic import Traffic

# A component and its pass, such as "backward".
Key = tuple[str, str]


@dataclass
class PassArrays:
    """The arrays that a component receives and returns in a pass.

    ``inputs``: it may have to read; ``outputs``: to write. ``source`` and ``result`` are the input and output of the
    forward pass, of which a backward pass needs one at most.
    """

    inputs: list[Array] = field(default_factory=list)
    outputs: list[Array] = field(default_factory=list)
    source: list[Array] = field(default_factory=list)
    result: list[Array] = field(default_factory=list)


class OpenPass:
    """A pass that is running: the memory that it has read and written, and the arrays of passes inside it."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.reads: list[MemorySpan] = []
        self.writes: list[MemorySpan] = []
        self.uncached = 0
        self.inner = PassArrays()

    def to_traffic(self, arrays: PassArrays) -> Traffic:
        """Return the bytes of the pass. An array that it reads or writes only in part counts with this part."""
        moved = sum(span.size for span in self.reads) + sum(span.size for span in self.writes)
        needed = sum_touched(arrays.source, self.reads) or sum_touched(arrays.result, self.reads)
        needed += sum_touched(arrays.inputs + self.inner.inputs, self.reads)
        needed += sum_touched(arrays.outputs + self.inner.outputs, self.writes)
        return Traffic(moved, min(needed, moved), self.uncached)


class TrafficLog:
    """Attributes the bytes of every operation to the innermost running pass; without one, they do not count."""

    def __init__(self) -> None:
        self.cache = CacheModel()
        self.open: list[OpenPass] = []
        self.traffic: defaultdict[Key, Traffic] = defaultdict(Traffic)

    @property
    def is_counting(self) -> bool:
        """Whether a pass is running."""
        return bool(self.open)

    def add(self, reads: list[MemorySpan], writes: list[MemorySpan]) -> None:
        """Add an operation: the memory of its operands and results, each once."""
        current = self.open[-1]
        current.reads += reads
        current.writes += writes
        for spans, is_write in ((reads, False), (writes, True)):
            current.uncached += sum(self.cache.access(span, is_write) for span in spans)

    def start(self, key: Key) -> None:
        """Start a pass."""
        self.open.append(OpenPass(key))

    def end(self, arrays: PassArrays) -> None:
        """End the pass started last. What it received was written by the pass around it, which reads its results."""
        ended = self.open.pop()
        self.traffic[ended.key] += ended.to_traffic(arrays)
        if self.open:
            around = self.open[-1].inner
            around.inputs += arrays.outputs
            around.outputs += arrays.inputs

    def is_running(self, key: Key) -> bool:
        """Whether the innermost pass is ``key``."""
        return bool(self.open) and self.open[-1].key == key


def sum_touched(arrays: Iterable[Array], touched: list[MemorySpan]) -> int:
    """Return the bytes of arrays, each at most once, that overlap touched memory."""
    return sum(
        min(span.size, sum(other.size for other in touched if span.overlaps(other))) for span in find_spans(arrays)
    )


CURRENT_LOG: ContextVar[TrafficLog | None] = ContextVar("CURRENT_LOG", default=None)
