"""A model of a processor's cache, to estimate the traffic between it and memory."""

from collections import OrderedDict

from nntrain.training.traffic.memory_span import MemorySpan

# Bytes of the cache and of its lines: the L2 cache of a current core, so that results do not depend on the machine.
# Lines are longer than those of a processor, because there are fewer to keep in order.
CACHE_SIZE, LINE_SIZE = 2 << 20, 4096


class CacheModel:
    """A cache of ``size`` bytes that keeps the lines that were used last.

    A read moves the bytes of lines that are not in the cache; a write those of lines that are not yet modified, which
    return to memory later. Spans with large gaps, such as rows of a table, are not kept.
    """

    def __init__(self, size: int = CACHE_SIZE) -> None:
        self.capacity = size // LINE_SIZE
        # Whether each line was modified, from the one used first to the one used last.
        self.lines: OrderedDict[int, bool] = OrderedDict()

    def access(self, span: MemorySpan, is_write: bool) -> int:
        """Use the lines of a span, and return the number of bytes that move to or from memory."""
        extent = span.stop - span.start
        if 2 * span.size < extent:
            return span.size
        missed = 0
        for line in range(span.start // LINE_SIZE, -(-span.stop // LINE_SIZE)):
            modified = self.lines.pop(line, None)
            if modified is None or (is_write and not modified):
                missed += min(span.stop, (line + 1) * LINE_SIZE) - max(span.start, line * LINE_SIZE)
            self.lines[line] = is_write or bool(modified)
            if len(self.lines) > self.capacity:
                self.lines.popitem(last=False)
        return missed * span.size // extent
