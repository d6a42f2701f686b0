"""Column encoders by name: a checkpoint's type is looked up here, never imported."""

from functools import partial

from nntrain.data.checks.identifiers import explain_identifier
from nntrain.data.columns.boolean_column import BooleanColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.free_text import has_words, is_free_text
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.one_hot_column import OneHotColumn
from nntrain.data.columns.quantile_number_column import QuantileNumberColumn
from nntrain.data.columns.robust_number_column import RobustNumberColumn
from nntrain.data.columns.scaled_column import NumberScaling
from nntrain.data.columns.text_column import MAX_TEXT_FEATURES, TextColumn
from nntrain.data.columns.time_column import TimeColumn
from nntrain.data.fitted import restore_fitted
from nntrain.data.option_suggestions import suggest_type
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.column_statistics import ColumnStatistics, count_distinct
from nntrain.data.tables.raw_column import ValueStream

NUMBER_COLUMNS: dict[NumberScaling, type[Column]] = {
    "standard": NumberColumn,
    "robust": RobustNumberColumn,
    "quantile": QuantileNumberColumn,
}

COLUMN_TYPES: tuple[type[Column], ...] = (
    BooleanColumn,
    IndexColumn,
    *NUMBER_COLUMNS.values(),
    OneHotColumn,
    TextColumn,
    TimeColumn,
)
restore_column = partial(restore_fitted, COLUMN_TYPES)


def explain_uselessness(raw: ValueStream, options: ColumnOptions) -> str | None:
    """Return why a column is uninformative in the training rows, as a user message; None if it is not."""
    statistics = ColumnStatistics.compute(raw)
    if statistics.first is None:
        return "it has no value in the training rows"
    if statistics.is_constant and not statistics.missing_count:
        value = to_text(statistics.first).values[0]
        return f"its value is {repr(value) if raw.kind == 'text' else value} in every training row"
    if not options.has_kind and (reason := explain_identifier(raw, statistics)):
        kind = "number" if raw.kind == "number" else "text" if has_words(raw) else "category"
        return f"{reason}; keep it with {suggest_type(raw.name, kind)}"
    return None


def fit_column(
    raw: ValueStream,
    options: ColumnOptions,
    one_hot_limit: int,
    text_features: int = MAX_TEXT_FEATURES,
    number_scaling: NumberScaling = "robust",
) -> Column:
    """Fit the encoder of a column on its training rows ``raw``.

    Categories are one-hot inputs for at most ``one_hot_limit`` distinct values, else an index, by default.
    """
    if options.type == "text" or (not options.has_kind and is_free_text(raw)):
        return TextColumn.fit(to_text(raw), text_features)
    if options.type == "category" or options.encoding is not None or raw.kind == "text":
        texts, encoding = to_text(raw), options.encoding
        if encoding is None:
            distinct = count_distinct(texts)
            encoding = "one_hot" if distinct is not None and distinct <= one_hot_limit else "index"
        return OneHotColumn.fit(texts) if encoding == "one_hot" else IndexColumn.fit(texts)
    if raw.kind == "boolean":
        return BooleanColumn.fit(raw)
    return TimeColumn.fit(raw) if raw.kind == "time" else NUMBER_COLUMNS[number_scaling].fit(raw)
