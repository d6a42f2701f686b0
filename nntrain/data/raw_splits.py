"""The rows of a run as they were read: which are for training, validation and test, and how they are encoded."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nntrain.compute.array import Array
from nntrain.data.checks.unseen_values import build_unseen_notes
from nntrain.data.dataset import Dataset
from nntrain.data.error_location import add_location
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.splits.split_by_column import split_by_hash, split_by_time, split_by_value
from nntrain.data.splits.split_indices import SplitIndices, split_k_fold, split_randomly
from nntrain.data.splits.validation_folds import split_validation_folds
from nntrain.data.streaming.row_blocks import select_block_rows
from nntrain.errors import DataError


@dataclass(frozen=True)
class EncodedChunk:
    """Encoded rows of the set ``split``, which has ``split_rows`` in all.

    ``unseen``: the number of values that no training row had, by column.
    """

    split: str
    split_rows: int
    dataset: Dataset
    unseen: Mapping[str, int]


@dataclass(frozen=True)
class RawSplits:
    """``split``: the rows of ``whole`` in each set. ``others``: the sets with rows of their own."""

    preprocessor: Preprocessor
    whole: RawDataset
    split: SplitIndices
    others: Mapping[str, RawDataset]

    @classmethod
    def read(cls, options: DataOptions, seed: int, preprocessor: Preprocessor | None, reader: DataReader) -> Self:
        """Read and split the rows of a run, and fit a preprocessor on its rows unless it is given.

        A set that has a file or a group of its own is not split off the training rows. DataError, one line, for
        anything that is wrong with a file or its rows.
        """
        groups = reader.read_groups(options, preprocessor)
        whole = groups["train"]
        reader.check_row_count(options.path, whole.count)
        split = split_rows(groups, options, seed, preprocessor)
        preprocessor = preprocessor or whole.fit(get_fitted_rows(split, options), options)
        others = {name: rows for name, rows in groups.items() if name in options.split_paths}
        for name, path in options.split_paths.items():
            if path:
                names = (options.inputs, options.targets, options.file)
                others[name] = reader.read_rows(Path(path), preprocessor, *names, name, need_targets=True)
        return cls(preprocessor, whole, split, others)

    def encode(self, guard: Callable[[Iterator[RawDataset]], Iterator[RawDataset]] = iter) -> Iterator[EncodedChunk]:
        """Encode all rows, chunk by chunk; ``guard`` wraps the reading of the chunks."""
        indices = {name: index for name, index in self.split.by_name.items() if len(index)}
        sources: list[tuple[RawDataset, Mapping[str, Array | None]]] = [(self.whole, indices)] if indices else []
        sources += [(rows, {name: None}) for name, rows in self.others.items()]
        for rows, sets in sources:
            begin = 0
            for chunk in guard(rows.iterate_chunks(self.preprocessor)):
                end = begin + chunk.count
                for name, index in sets.items():
                    part = chunk if index is None else chunk.take(select_block_rows(index, begin, end))
                    if part.count:
                        dataset = part.encode(self.preprocessor)
                        count = rows.count if index is None else len(index)
                        yield EncodedChunk(name, count, dataset, self.preprocessor.count_unseen())
                begin = end

    def build_notes(self, unseen: Mapping[str, Mapping[str, int]]) -> list[str]:
        """Return the notes for the user; ``unseen`` by set and column."""
        notes = [*self.whole.notes, *self.split.notes, *self.preprocessor.notes]
        for name in ("validation", "test"):
            notes += self.others[name].notes if name in self.others else []
            notes += build_unseen_notes(self.preprocessor, unseen.get(name, {}), f" of the {name} set")
        return notes


def get_row_indices(whole: RawDataset, split: SplitIndices) -> dict[str, Array]:
    """Return the rows of the file in each set that has some of them.

    None where rows without a target were dropped before the split.
    """
    return {} if whole.notes else {name: index for name, index in split.by_name.items() if len(index)}


def get_fitted_rows(split: SplitIndices, options: DataOptions) -> Array:
    """Return the rows on which the preprocessor is fitted: the training rows.

    With validation folds, the rows of all folds: the networks then have the same inputs, so that they can be joined
    into one. A validation row thus affects statistics of the inputs and the scale of the target, but no weights; test
    rows are never used.
    """
    return split.train if options.validation_folds is None else split.outside_test


def check_validation_folds(options: DataOptions, own: Collection[str]) -> None:
    """DataError if something else decides the validation rows. ``own``: the sets with rows of their own."""
    conflict = f"data.split = {options.split!r}" if options.split in ("column", "time") else None
    if "validation" in own:
        conflict = "its own validation rows"
    if conflict is not None:
        raise DataError(f"{options.path}: data.validation_folds conflicts with {conflict}; remove one of the two")


def split_rows(
    groups: Mapping[str, RawDataset], options: DataOptions, seed: int, preprocessor: Preprocessor | None
) -> SplitIndices:
    """Return the rows of the training group that are held out for sets without rows of their own."""
    own = {name for name, path in options.split_paths.items() if path or name in groups}
    if "validation" in own and (options.refit or options.train_on_validation):
        key = "train.refit" if options.refit else "data.train_on_validation"
        raise DataError(f"{options.path}: {key} conflicts with its own validation rows; remove one of the two")
    split = draw_split(groups["train"], own, options, seed, preprocessor)
    if not options.train_on_validation:
        return split
    return SplitIndices(split.outside_test, split.validation[:0], split.test, split.notes)


def draw_split(
    whole: RawDataset, own: Collection[str], options: DataOptions, seed: int, preprocessor: Preprocessor | None
) -> SplitIndices:
    """Return the rows of the three sets. ``own``: the sets with rows of their own."""
    if options.validation_folds is not None:
        check_validation_folds(options, own)
    validation = 0.0 if "validation" in own else options.validation
    test = 0.0 if "test" in own else options.test
    if options.split_column is not None:
        column = whole.get_column(options.split_column)
        with add_location(options.path):
            if options.split == "column":
                split = split_by_value(column, options.split_values)
            else:
                split_by = split_by_time if options.split == "time" else split_by_hash
                split = split_by(column, validation=validation, test=test)
        for name, index in (("validation", split.validation), ("test", split.test)):
            if len(index) and name in own:
                found = f"{options.split_column!r} assigns {len(index)} rows to {name}"
                raise DataError(f"{options.path}: {found}, which has rows of its own; remove one of the two")
        if options.validation_folds is None:
            return split
        with add_location(options.path):
            return split_validation_folds(split, options, seed, keys=column, test=test)
    labels = whole.get_stratify_labels(options, preprocessor) if options.stratify else None
    with add_location(options.path):
        if options.folds and options.fold:
            if test == 0:
                raise DataError("folds are test rows, and these rows have test rows of their own, or none")
            numbers = {"folds": options.folds, "fold": options.fold}
            return split_k_fold(whole.count, **numbers, validation=validation, seed=seed, labels=labels)
        split = split_randomly(whole.count, validation=validation, test=test, seed=seed, labels=labels)
        if options.validation_folds is None:
            return split
        return split_validation_folds(split, options, seed, labels=labels)
