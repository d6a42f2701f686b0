"""The rows of a run, encoded and as they were read."""

from dataclasses import dataclass

from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.raw_splits import RawSplits
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.streaming.memory_budget import is_streamed
from nntrain.training.run_folder.data_check import read_unchanged
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.trained_network import TrainedNetwork


@dataclass(frozen=True)
class RunRows:
    """The encoded sets of a run, and its rows as they were read; None if they are streamed."""

    splits: DatasetSplits
    raw: RawSplits | None

    @classmethod
    def load(cls, folder: RunFolder, options: DataOptions, seed: int, network: TrainedNetwork) -> "RunRows":
        """Load the rows of a run. DataError if the files are missing or have changed."""

        def read() -> RunRows:
            raw = None if is_streamed(options) else RawSplits.read(options, seed, network.preprocessor, DataReader())
            return cls(load_data(options, seed, network.preprocessor, raw), raw)

        return read_unchanged(folder, options, "start another run", read, lambda rows: rows.splits.fingerprint)

    def get_raw(self, name: str) -> RawDataset | None:
        """Return the rows of a set as they were read, in the order of the encoded rows."""
        if self.raw is None:
            return None
        index = self.raw.split.by_name.get(name)
        return self.raw.whole.take(index) if index is not None and len(index) else self.raw.others.get(name)
