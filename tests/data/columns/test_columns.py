"""Encoders: fitted on training rows, the same ever after."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nntrain.data.columns.boolean_column import BooleanColumn
from nntrain.data.columns.column_types import COLUMN_TYPES, explain_uselessness, fit_column, restore_column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.one_hot_column import OneHotColumn
from nntrain.data.columns.quantile_number_column import QuantileNumberColumn
from nntrain.data.columns.robust_number_column import RobustNumberColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.columns.time_column import TimeColumn
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import CheckpointError
from tests.data.conftest import refusal

NAN = math.nan


def number(*values: float) -> RawColumn:
    return RawColumn("x", "number", np.array(values, np.float64))


def text(*values: str | None) -> RawColumn:
    return RawColumn("c", "text", np.array(values, dtype=object))


def boolean(*values: float) -> RawColumn:
    return RawColumn("b", "boolean", np.array(values, np.float64))


def time(*values: str) -> RawColumn:
    return RawColumn("t", "time", np.array(values, "M8[us]"))


FITTED = [
    NumberColumn.fit(number(1, 2, NAN, 5)),
    RobustNumberColumn.fit(number(1, 2, NAN, 5)),
    QuantileNumberColumn.fit(number(1, 2, NAN, 5)),
    BooleanColumn.fit(boolean(0, 1, NAN)),
    OneHotColumn.fit(text("b", "a", None)),
    IndexColumn.fit(text("b", "a", "a")),
    TextColumn.fit(text("a b", "a c", "b")),
    TimeColumn.fit(time("2024-01-02T03:04", "NaT")),
]
RAW = {
    "number": number(3, NAN, 1e9),
    "boolean": boolean(1, NAN),
    "text": text("a", None, "z"),
    "time": time("2025-07-08"),
}


@pytest.mark.parametrize("column", FITTED, ids=lambda column: type(column).__name__)
def test_a_restored_encoder_encodes_the_same(column):
    restored = restore_column(json.loads(json.dumps(column.state())))
    assert restored == column
    np.testing.assert_array_equal(restored.encode(RAW[column.kind]), column.encode(RAW[column.kind]))


@pytest.mark.parametrize("column", FITTED, ids=lambda column: type(column).__name__)
def test_an_encoder_gives_float32_of_its_width_an_index_or_pairs(column):
    encoded = column.encode(RAW[column.kind])
    if isinstance(column, IndexColumn):
        assert (encoded.dtype, encoded.ndim) == (np.int64, 1)
    elif isinstance(column, TextColumn):
        assert (encoded.dtype, encoded.shape) == (np.float32, (3, column.longest, 2))
    else:
        assert (encoded.dtype, encoded.shape[1]) == (np.float32, column.width)
        assert np.isfinite(encoded).all()


def test_every_encoder_can_be_restored():
    assert {type(column) for column in FITTED} == set(COLUMN_TYPES)
    with pytest.raises(CheckpointError, match=r"type: expected one of BooleanColumn, .*, got 'Evil'"):
        restore_column({"type": "Evil"})


def test_an_encoder_refuses_values_of_another_kind():
    assert "expected values of kind number, got text" in refusal(NumberColumn.fit, text("a"))


def test_numbers_have_mean_0_and_deviation_1_on_the_training_rows():
    raw = number(*np.random.default_rng(0).normal(5, 3, 1000))
    encoded = NumberColumn.fit(raw).encode(raw)
    assert encoded.shape == (1000, 1)
    assert abs(encoded.mean()) < 1e-5
    assert abs(encoded.std() - 1) < 1e-5


def test_a_missing_number_is_the_mean_and_says_so_if_training_rows_missed_one():
    assert NumberColumn.fit(number(1, 3)).encode(number(NAN)).tolist() == [[0]]
    fitted = NumberColumn.fit(number(1, 3, NAN))
    assert fitted.encode(number(NAN, 3)).tolist() == [[0, 1], [1, 0]]
    assert fitted.names == ["x", "x (missing)"]


def test_a_number_far_from_all_training_values_is_drawn_in_and_a_training_value_never():
    fitted = NumberColumn.fit(number(-1, 1))
    assert fitted.encode(number(1e30, -1e30, 10)).tolist() == [[10], [-10], [10]]
    outlier = number(*[0.0] * 999, 1.0)
    assert NumberColumn.fit(outlier).encode(outlier).max() > 30


def test_huge_numbers_do_not_overflow():
    raw = number(1e300, -1e300, 1e300)
    np.testing.assert_allclose(NumberColumn.fit(raw).encode(raw)[:, 0], [0.70710677, -1.4142135, 0.70710677])


def test_a_boolean_is_plus_or_minus_one():
    assert BooleanColumn.fit(boolean(0, 1)).encode(boolean(1, 0, NAN)).tolist() == [[1], [-1], [0]]
    assert BooleanColumn.fit(boolean(0, NAN)).encode(boolean(1, NAN)).tolist() == [[1, 0], [0, 1]]


def test_a_category_has_an_input_and_one_never_seen_has_none_and_is_counted():
    fitted = OneHotColumn.fit(text("b", "a", "b"))
    assert fitted.names == ["c=a", "c=b"]
    assert fitted.encode(text("a", "b", "z", None)).tolist() == [[1, 0], [0, 1], [0, 0], [0, 0]]
    assert fitted.unseen == 2
    fitted.encode(text("a"))
    assert fitted.unseen == 0


def test_missing_is_a_category_if_it_was_one_in_training():
    fitted = OneHotColumn.fit(text("a", None))
    assert fitted.names == ["c=a", "c=(missing)"]
    assert fitted.encode(text(None, "z")).tolist() == [[0, 1], [0, 0]]
    assert fitted.unseen == 1


def test_of_many_rows_a_category_met_once_shares_the_code_of_those_never_met():
    training = text(*["a"] * 60, *["b"] * 60, "once")
    fitted = OneHotColumn.fit(training)
    assert fitted.names == ["c=(other)", "c=a", "c=b"]
    assert fitted.encode(text("once", "never", "b")).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert fitted.unseen == 1


@pytest.mark.parametrize(
    ("rows", "values", "rare"),
    [(99, 9, []), (104, 8, ["v1"]), (104, 9, ["v1", "v4"])],
)
def test_of_many_categories_those_with_few_rows_are_rare(rows, values, rare):
    few = [*["v1"], *["v4"] * 4, *["v5"] * 5]
    others = [f"w{row % (values - 3)}" for row in range(rows - len(few))]
    assert IndexColumn.fit(text(*few, *others)).rare == rare


def test_an_index_counts_from_the_code_of_those_never_met():
    fitted = IndexColumn.fit(text("b", "a", None))
    assert fitted.encode(text("a", "b", None, "z")).tolist() == [1, 2, 3, 0]
    assert (fitted.size, fitted.unseen) == (4, 1)


def test_a_time_has_its_place_in_the_year_the_week_and_the_day():
    fitted = TimeColumn.fit(time("2024-01-01T00:00", "2024-01-01T06:00"))
    assert fitted.names[1:] == [f"t ({wave} of {part})" for part in ("year", "week", "day") for wave in ("sin", "cos")]
    monday_at_six = fitted.encode(time("2024-01-01T06:00"))[0]
    np.testing.assert_allclose(monday_at_six, [1, 0, 1, 0, 1, 1, 0], atol=1e-6)
    assert TimeColumn.fit(time("2024-01-01", "2024-07-01")).width == 5


def test_a_missing_time_is_nowhere_on_any_circle():
    fitted = TimeColumn.fit(time("2024-01-01", "NaT"))
    assert fitted.encode(time("NaT")).tolist() == [[0, 1, 0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("raw", "options", "limit", "kind"),
    [
        (text("a", "b", "c"), ColumnOptions(), 3, OneHotColumn),
        (text("a", "b", "c"), ColumnOptions(), 2, IndexColumn),
        (text("a", "b", None), ColumnOptions(), 2, OneHotColumn),
        (text("a", "b", "c"), ColumnOptions(encoding="index"), 3, IndexColumn),
        (text("a", "b", "c"), ColumnOptions(encoding="one_hot"), 2, OneHotColumn),
        (number(1, 2, 3), ColumnOptions(type="category"), 3, OneHotColumn),
        (number(1, 2, 3), ColumnOptions(encoding="index"), 3, IndexColumn),
        (number(1, 2, 3), ColumnOptions(), 3, RobustNumberColumn),
        (boolean(0, 1), ColumnOptions(), 3, BooleanColumn),
        (time("2024-01-01", "2024-01-02"), ColumnOptions(), 3, TimeColumn),
    ],
)
def test_the_encoder_follows_from_kind_options_and_limit(raw, options, limit, kind):
    assert type(fit_column(raw, options, limit)) is kind


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (number(NAN, NAN), "it has no value in the training rows"),
        (number(2, 2), "its value is 2 in every training row"),
        (text("a", "a"), "its value is 'a' in every training row"),
        (text(*map(str, range(100))), "100 of 100 training values are distinct, like a name or an ID; keep it with"),
        (text(*"ab" * 40, *map(str, range(20))), "22 of 100 training values are distinct, too many for a category; "),
        (text(*"ab" * 40, *map(str, range(20))), "keep it with --set 'data.columns.c.type=\"category\"'"),
        (number(*range(1, 101)), "it looks like a row number"),
        (number(*np.random.default_rng(0).permutation(100)[:70]), "it looks like a row number"),
    ],
)
def test_a_column_that_shows_nothing_is_left_out_with_the_reason(raw, reason):
    assert reason in (explain_uselessness(raw, ColumnOptions()) or "")


@pytest.mark.parametrize(
    ("raw", "options"),
    [
        (number(2, NAN), ColumnOptions()),
        (text(*map(str, range(100))), ColumnOptions(type="category")),
        (text(*"ab" * 40, *map(str, range(18)), None), ColumnOptions()),
        (text(*"ab" * 41, *map(str, range(18))), ColumnOptions()),
        (text(*"ab" * 20, *map(str, range(59))), ColumnOptions()),
        (text(*"ab" * 40, *map(str, range(20))), ColumnOptions(encoding="index")),
        (number(*range(100)), ColumnOptions(type="number")),
        (number(*range(10)), ColumnOptions()),
        (number(*range(99), 5), ColumnOptions()),
        (number(*np.arange(100) * 7), ColumnOptions()),
        (number(*np.arange(100) / 2), ColumnOptions()),
    ],
)
def test_a_column_that_may_show_something_is_kept(raw, options):
    assert explain_uselessness(raw, options) is None
