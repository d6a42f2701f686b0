"""Batches of the rows of a dataset."""

from collections.abc import Callable, Mapping
from typing import Any

from nntrain.compute.array import Array
from nntrain.data.batch import Batch
from nntrain.data.dataset import Dataset
from nntrain.errors import CheckpointError
from nntrain.specs.state_schema import COUNT, validate_state


class DataLoader:
    """Batches of ``batch_size`` rows, in an order that depends only on ``seed`` and the epoch.

    The state is the epoch and the position in it. A last batch of one row is appended to the batch before it, because
    batch normalization cannot train on one row. The next batch may overwrite the memory of a batch. ``convert``
    returns an array in the floating type of the network.
    """

    def __init__(self, dataset: Dataset, batch_size: int, seed: int, convert: Callable[[Array], Array]) -> None:
        self.dataset = dataset
        self.rows = dataset.rows
        self.batch_size = batch_size
        self.sampler = dataset.create_sampler(seed, min(batch_size + 1, self.rows), convert)
        # The last batch is smaller, but never a single row after larger batches.
        full, rest = divmod(self.rows, batch_size)
        self.count = full + (rest > 0 and not (rest == 1 and full > 0))
        # The arrays of the last batch, and the batch of them.
        self._arrays: list[Array] | None = None
        self._batch: Batch | None = None
        self.start_epoch(0)

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return self.count

    def start_epoch(self, epoch: int) -> None:
        """Go to the beginning of ``epoch``."""
        self.epoch = epoch
        self.position = 0
        self.sampler.start_epoch(epoch)

    def next_batch(self) -> Batch | None:
        """Return the next batch; None at the end of the epoch."""
        if self.position == self.count:
            return None
        begin = self.position * self.batch_size
        self.position += 1
        end = self.rows if self.position == self.count else begin + self.batch_size
        arrays = self.sampler.read(begin, end)
        if arrays is not self._arrays:
            self._arrays, self._batch = arrays, self.dataset.full_batch.with_arrays(arrays)
        return self._batch

    def state(self) -> dict[str, Any]:
        """Return the epoch, the number of completed batches, and their size."""
        return {"epoch": self.epoch, "position": self.position, "size": self.batch_size}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Continue at ``state``; with another batch size, after the same number of rows, or a few less."""
        known = validate_state(
            {"size": self.batch_size, **state}, {"epoch": COUNT, "position": COUNT, "size": COUNT}, "batches"
        )
        self.start_epoch(known["epoch"])
        done = known["position"]
        self.position = done if known["size"] == self.batch_size else done * known["size"] // self.batch_size
        if self.position > self.count:
            raise CheckpointError(f"batches: position: expected at most {self.count}, got {self.position}")
