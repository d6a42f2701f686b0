"""A DataFrame written by pandas with ``to_hdf(format="fixed")``, the default.

Source: the layout of files written by pandas. ``axis0`` has the names of the columns, ``axis1`` the index. Columns of
one type are a block: ``block0_items`` has their names, ``block0_values`` (rows, columns) their values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.stores.cell_values import convert_values
from nntrain.data.stores.pandas_attributes import read_pandas_attribute, read_pandas_text
from nntrain.data.stores.stored_table import StoredTable, build_index_notes, check_width, get_pandas_type, get_row_bytes
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset, get_member

if TYPE_CHECKING:
    import h5py

# More blocks or index levels than a DataFrame may have.
MAX_BLOCKS = 20_000

# The number of rows before it is known: an index stored as objects does not determine it.
UNKNOWN = -1


@dataclass(frozen=True)
class BlockSource:
    """The source of a column: a column of a block, or an array of the index, with its codes if it has any."""

    dataset: h5py.Dataset
    position: int | None = None
    codes: h5py.Dataset | None = None


class FixedFrame(StoredTable):
    """The columns in their order, after the named levels of the index."""

    def __init__(self, group: h5py.Group, problem: ErrorFactory) -> None:
        self.group = group
        self.problem = problem
        self.rows = UNKNOWN
        self.sources = self._index()
        blocks = self._blocks()
        order = self._labels(self._dataset("axis0"))
        for name in order:
            if name not in blocks:
                raise problem(f"{group.name}: the column {name!r} is not in any block")
            if name in self.sources:
                raise problem(f"{group.name}: the index and a column are both named {name!r}; rename one of them")
        self.sources |= {name: blocks[name] for name in order}
        self.names = list(self.sources)
        used = [dataset for source in self.sources.values() for dataset in (source.codes or source.dataset,)]
        self.row_bytes = get_row_bytes({dataset.name: dataset for dataset in used}.values())

    def block(self, begin: int, end: int) -> list[Array]:
        read: dict[str, Array] = {}
        columns = []
        budget = Budget.of(self.group, self.problem)
        for source in self.sources.values():
            rows = source.dataset if source.codes is None else source.codes
            if rows.name not in read:
                read[rows.name] = rows[begin:end]
            values = read[rows.name]
            if source.codes is not None:
                columns.append(take_labels(self._typed(source.dataset, source.dataset[...], budget), values))
            else:
                chosen = values if source.position is None else values[:, source.position]
                columns.append(self._typed(source.dataset, chosen, budget))
        return columns

    def _index(self) -> dict[str, BlockSource]:
        """Return the levels of an index that has a name or several levels. Sets ``rows``."""
        if "axis1" in self.group:
            index = self._dataset("axis1", objects=True)
            if index.dtype.kind != "O":
                self.rows = len(index)
            name = read_pandas_attribute(index, "name", self.problem)
            if not isinstance(name, str):
                self.notes = build_index_notes(read_pandas_text(index, "kind", self.problem))
                return {}
            self._check_values(index, f"the index {name!r}")
            return {name: BlockSource(index)}
        levels = read_pandas_attribute(self.group, "axis1_nlevels", self.problem)
        if not isinstance(levels, int) or not 0 < levels < MAX_BLOCKS:
            raise self.problem(f"{self.group.name}: has no index")
        sources = {}
        for level in range(levels):
            values, codes = self._dataset(f"axis1_level{level}", objects=True), self._dataset(f"axis1_label{level}")
            name = read_pandas_attribute(values, "name", self.problem)
            label = name if isinstance(name, str) else f"level_{level}"
            self._check_values(values, f"the index {label!r}")
            sources[label] = BlockSource(values, codes=codes)
            self.rows = len(codes)
        return sources

    def _blocks(self) -> dict[str, BlockSource]:
        """Return the source of each column."""
        count = read_pandas_attribute(self.group, "nblocks", self.problem)
        if not isinstance(count, int) or not 0 < count < MAX_BLOCKS:
            raise self.problem(f"{self.group.name}: expected blocks of columns, got {type(count).__name__}")
        found: dict[str, BlockSource] = {}
        for number in range(count):
            names = self._labels(self._dataset(f"block{number}_items"))
            values = self._dataset(f"block{number}_values", objects=True)
            self._check_values(values, f"column {names[0]!r}" if names else "a block")
            if self.rows == UNKNOWN:
                self.rows = len(values)
            if values.shape != (self.rows, len(names)):
                shape = (self.rows, len(names))
                raise self.problem(f"{values.name}: expected values of shape {shape}, got {values.shape}")
            found |= {name: BlockSource(values, position) for position, name in enumerate(names)}
        return found

    def _check_values(self, dataset: h5py.Dataset, name: str) -> None:
        """Raise the error for objects, which are pickled."""
        if dataset.dtype.kind == "O":
            raise self.problem(
                f"{name} is stored as pickled objects, which are never loaded; write the file with "
                'df.to_hdf(..., format="table"), or df.to_parquet(...)'
            )

    def _dataset(self, name: str, *, objects: bool = False) -> h5py.Dataset:
        """Return a dataset of the group; with ``objects``, it may consist of objects, which are not read."""
        import h5py

        dataset = get_member(self.group, name, self.problem)
        if not isinstance(dataset, h5py.Dataset):
            if name == "axis0":
                raise self.problem(
                    f"{self.group.name}: the column names are a MultiIndex; join its levels into one string each"
                )
            raise self.problem(f"{self.group.name}: has no dataset {name!r}")
        if not (objects and dataset.dtype.kind == "O"):
            check_dataset(dataset, self.problem)
        return dataset

    def _labels(self, dataset: h5py.Dataset) -> list[str]:
        """Return column names."""
        if dataset.dtype.kind == "f" or len(dataset.shape) != 1:
            raise self.problem(f"{dataset.name}: expected the names of columns, got {dataset.dtype}")
        check_width(dataset.size, dataset, self.problem)
        return [str(name) for name in self._typed(dataset, dataset[...], Budget.of(dataset, self.problem))]

    def _typed(self, dataset: h5py.Dataset, values: Array, budget: Budget) -> Array:
        """Convert values to the types of a table."""
        value_type, kind, missing = (
            read_pandas_text(dataset, name, self.problem) for name in ("value_type", "kind", "nan_rep")
        )
        type_ = get_pandas_type(dataset.id.get_type()) or value_type or kind
        return convert_values(values, budget, type_, missing)


def take_labels(labels: Array, codes: Array) -> Array:
    """Return ``labels[codes]``, missing where the code is −1. Numbers become floats if some are missing."""
    missing = codes < 0
    if not missing.any():
        return labels[codes]
    if labels.dtype.kind in "OM":
        empty = np.array([None], object) if labels.dtype.kind == "O" else np.array(["NaT"], labels.dtype)
        return np.concatenate([labels, empty])[codes]
    return np.append(labels.astype(np.float64), np.nan)[codes]
