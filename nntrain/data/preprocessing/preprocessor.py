"""The base of preprocessors: how rows become inputs and targets."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.dims import Dims
from nntrain.data.fitted import Fitted
from nntrain.data.options.data_options import FloatType
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.raw_column import ValueKind
from nntrain.data.targets.class_target import ClassTarget
from nntrain.data.targets.list_target import ListTarget
from nntrain.data.targets.target import Target


class Preprocessor(Fitted):
    """Encodes rows as inputs and targets: fitted on training rows, then applied to any.

    ``target``: how the target is encoded and predictions are decoded. ``notes``: sentences for the user; ``warnings``:
    those of them that mean wrong results. ``weight``: the column or dataset of sample weights, if there is one.
    ``dtype``: the floating type of inputs and of numbers to predict.

    Of a table, ``columns`` are the encoders of the input columns, ``formats`` the notation of the cells of each column,
    and ``header`` whether the file had column names; arrays have none of these. ``dims``: the axes of images.
    """

    # Whether the rows are those of a table; else they are arrays.
    reads_table: ClassVar[bool]

    target: Target
    notes: list[str]
    warnings: Sequence[str] = ()
    weight: str | None
    dtype: FloatType
    columns: Sequence[Column] = ()
    formats: Mapping[str, ColumnFormat] = {}
    header: bool | None = None
    dims: Dims | None = None

    def __post_init__(self) -> None:
        self.set_dtype(self.dtype)

    def state(self) -> dict[str, Any]:
        state = super().state()
        if self.dtype == "float32":
            # As in the states of older versions.
            del state["dtype"]
        return state

    def set_dtype(self, dtype: FloatType) -> None:
        """Encode inputs, and numbers to predict, in this floating type from now on."""
        self.dtype = self.target.dtype = dtype
        for column in self.columns:
            column.set_dtype(dtype)

    def count_row_bytes(self) -> int:
        """Return the bytes of the encoded inputs of a row of a table."""
        return sum(column.row_bytes() for column in self.columns)

    def get_index_sizes(self) -> list[tuple[str, int]]:
        """Return name and number of codes of every index column: the rows of its LookupTable."""
        return [(column.name, column.size) for column in self.columns if isinstance(column, IndexColumn)]

    def get_text_columns(self) -> list[TextColumn]:
        """Return the columns of free text, in the order of their inputs."""
        return [column for column in self.columns if isinstance(column, TextColumn)]

    def count_unseen(self) -> dict[str, int]:
        """Return the number of values of the last rows that no training row had, by column.

        These are unknown categories, and missing values in a column without an indicator of them.
        """
        counts = {column.name: column.unseen for column in self.columns}
        if isinstance(self.target, ListTarget):
            counts[self.target.name] = self.target.unseen
        return {name: count for name, count in counts.items() if count}

    def get_labels(self) -> dict[str, Sequence[str]]:
        """Return the categories of the training rows, and the classes, by column."""
        categories = [column for column in self.columns if isinstance(column, CategoryColumn)]
        found: dict[str, Sequence[str]] = {column.name: [*column.labels, *column.rare] for column in categories}
        return found | ({self.target.name: self.target.labels} if isinstance(self.target, ClassTarget) else {})

    def get_value_kinds(self) -> dict[str, ValueKind]:
        """Return how the columns of another table must be read."""
        inputs = {column.name: column.kind for column in self.columns}
        return inputs | self.get_target_kinds()

    def get_target_kinds(self) -> dict[str, ValueKind]:
        """Return the columns that only training and evaluation need: the target and the sample weight."""
        target = dict(zip(self.target.names, self.target.kinds, strict=True))
        return target if self.weight is None else target | {self.weight: "number"}

    def get_format(self, name: str, kind: ValueKind) -> ColumnFormat:
        """Return the notation of the cells of a column, of which at least the kind is known."""
        found = self.formats.get(name, ColumnFormat())
        return found if found.kind == kind else ColumnFormat(kind=kind, missing=found.missing)
