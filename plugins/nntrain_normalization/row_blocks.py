"""The rows of an array in blocks that stay in the caches."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_ranges
from nntrain.nn.component import Component

# Elements in a block, so that its intermediate results fit in the caches too.
BLOCK_SIZE = 1 << 16


class RowBlocks:
    """Blocks of the rows of x (N, features), shared out over threads.

    A function of a block receives these rows of the arrays (N, features), and every vector (features,) as it is.
    """

    def __init__(self, owner: Component, x: Array) -> None:
        self.owner = owner
        self.x = x
        self.count = -(-x.size // BLOCK_SIZE)

    def map(self, function: Callable[..., object], *arrays: Array) -> None:
        """Call ``function(*block)`` for every block."""
        if self.count <= 1:
            function(*arrays)
        else:
            self._map_blocks(function, arrays, [()] * self.count)

    def sum(self, function: Callable[..., object], *arrays: Array, out: Array) -> None:
        """out (k, features) ← Σ over the blocks of the k vectors that ``function(*block, *vectors)`` fills.

        The order of the sum does not depend on the number of threads.
        """
        if self.count <= 1:
            function(*arrays, *out)
        else:
            parts = self.owner.buffer("parts", (self.count, *out.shape), like=out)
            self._map_blocks(function, arrays, parts)
            np.add.reduce(parts, axis=0, out=out)

    def _map_blocks(
        self, function: Callable[..., object], arrays: tuple[Array, ...], more: Sequence[Iterable[Array]] | Array
    ) -> None:
        """Call ``function`` with every block and its further arguments."""
        n, count = len(self.x), self.count

        def map_some(some: range) -> None:
            for block in some:
                rows = slice(n * block // count, n * (block + 1) // count)
                function(*(array if array.ndim == 1 else array[rows] for array in arrays), *more[block])

        map_ranges(count, map_some, min_length=4)
