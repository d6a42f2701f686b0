"""The fitted preprocessing of a table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nntrain.data.checks.unseen_values import build_unseen_notes
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.loading import load_data
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.preprocessing.table_preprocessor import TablePreprocessor
from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.data_table import DataTable
from nntrain.errors import CheckpointError
from tests.data.conftest import asked, refusal, shared

CSV = "age,sex,city,when,member,grade\n" + "".join(
    f"{20 + i % 9},{'fm'[i % 2]},{'ABCDE'[i * i % 5]},2024-01-{1 + i % 28:02},{i % 3 > 0!s},{i // 2 % 3}\n"
    for i in range(60)
)


def fit(table: DataTable, target: str, **options) -> TablePreprocessor:
    return TablePreprocessor.fit(table, np.arange(table.rows), DataOptions(table.path, target, **options))


def input_names(schema: TablePreprocessor) -> list[str]:
    """The names of the dense inputs."""
    return [
        name for column in schema.columns if not isinstance(column, IndexColumn | TextColumn) for name in column.names
    ]


@pytest.fixture
def table(write) -> DataTable:
    return read_table(write("people.csv", CSV))


def test_inputs_are_one_array_with_a_name_for_every_column(table):
    schema = fit(table, "grade")
    inputs = schema.encode_inputs(table)
    assert inputs.dtype == np.float32
    assert inputs.shape == (60, len(input_names(schema)))
    assert input_names(schema)[:3] == ["age", "sex=f", "sex=m"]
    assert schema.get_index_sizes() == []


def test_index_columns_come_after_the_dense_part(table):
    schema = fit(table, "grade", one_hot_limit=2)
    dense, city = schema.encode_inputs(table)
    assert dense.shape == (60, len(input_names(schema)))
    assert (city.dtype, city.shape) == (np.int64, (60,))
    assert schema.get_index_sizes() == [("city", 4)]
    assert city.max() < 4


def test_an_index_column_alone_is_a_list_of_one(table):
    schema = fit(table, "grade", one_hot_limit=2, ignore=("age", "sex", "when", "member"))
    assert [array.shape for array in schema.encode_inputs(table)] == [(60,)]


def test_a_schema_is_fitted_on_its_rows_alone(table):
    rows = np.arange(0, 60, 2)
    schema = TablePreprocessor.fit(table, rows, DataOptions(table.path, "grade"))
    alone = fit(table.take(rows), "grade")
    assert schema.state() == alone.state()
    assert "sex" not in schema.get_value_kinds()


def test_a_restored_schema_encodes_the_same(table):
    for target in ("grade", "age", "member"):
        schema = fit(table, target, task="regression" if target == "age" else "auto", one_hot_limit=2)
        restored = restore_preprocessor(schema.state())
        for one, other in zip(schema.encode_inputs(table), restored.encode_inputs(table), strict=True):
            np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(schema.encode_target(table), restored.encode_target(table))
        assert restored.notes == schema.notes
        assert restored.get_value_kinds() == schema.get_value_kinds()


def test_the_state_of_a_schema_is_a_tree_of_arrays_and_json(table):
    state = fit(table, "age", task="regression").state()
    assert isinstance(state["target"].pop("mean"), np.ndarray)
    assert isinstance(state["target"].pop("std"), np.ndarray)
    assert all(isinstance(state["target"].pop(name), np.ndarray) for name in ("log_start", "low", "high"))
    json.dumps(state)
    with pytest.raises(CheckpointError, match="type: expected one of Schema, ArraySchema, got"):
        restore_preprocessor({"type": "Other"})


def test_classes_are_in_order_and_counted(write):
    table = read_table(write("t.csv", "x,t\n" + "".join(f"{i % 7},{10 - i % 2 * 8}\n" for i in range(30))))
    target = fit(table, "t").target
    assert (target.task, target.labels, target.counts) == ("classification", ["2", "10"], [15, 15])
    assert target.decode(np.array([1, 0])).tolist() == ["10", "2"]
    assert fit(table, "t").encode_target(table)[:3].tolist() == [1, 0, 1]


def test_a_number_is_standardised_and_comes_back_in_its_units(write):
    table = read_table(write("t.csv", "x,t\n" + "".join(f"{i % 7},{i * i}\n" for i in range(30))))
    schema = fit(table, "t")
    encoded = schema.encode_target(table)
    assert (schema.target.task, encoded.dtype, encoded.shape) == ("regression", np.float32, (30, 1))
    assert abs(encoded.mean()) < 1e-6
    np.testing.assert_allclose(schema.target.decode(encoded)[:, 0], np.arange(30) ** 2, atol=1e-3)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ("abababab", "classification"),
        ("01010101", "classification"),
        (["true", "false"] * 4, "classification"),
        (["1.0", "2.0"] * 4, "classification"),
        (["1.5", "2.0"] * 4, "regression"),
        ("01234567", "regression"),
        (range(100, 300), "regression"),
        ([i % 21 for i in range(400)], "regression"),
    ],
)
def test_the_task_follows_from_the_values_of_the_target(write, values, task):
    text = "x,t\n" + "".join(f"{i % 3},{value}\n" for i, value in enumerate(values))
    schema = fit(read_table(write("t.csv", text)), "t")
    assert schema.target.task == task
    assert task in schema.notes[0]


def test_the_task_may_be_given(write):
    table = read_table(write("t.csv", "x,t\n" + "".join(f"{i % 3},{i % 2}\n" for i in range(30))))
    assert fit(table, "t", task="regression").target.task == "regression"
    text = read_table(write("u.csv", "x,t\n1,a\n2,b\n"))
    assert "target 't': expected numbers for a regression, got text" in refusal(fit, text, "t", task="regression")


def test_rows_without_a_target_are_left_out_and_counted(write):
    table = read_table(write("t.csv", "x,t\n1,a\n2,b\n300,\n"))
    rows = RawTableDataset.from_table(table, ("t",))
    assert rows.notes == [f"{table.path}: 1 of 3 rows have no 't' and are dropped"]
    schema = rows.fit(np.arange(2), DataOptions(table.path, "t"))
    assert schema.columns[0].median == 1.5
    assert "expected a class in every row, got none in 1" in refusal(schema.encode_target, table)


def test_a_category_never_seen_is_counted_by_column(table, write):
    schema = fit(table, "grade")
    other = read_table(write("other.csv", CSV.replace(",m,", ",x,")), asked(schema.get_value_kinds()))
    schema.encode_inputs(other)
    assert schema.count_unseen() == {"sex": 30}


def test_a_missing_number_or_time_that_no_training_row_had_is_counted_by_column(table, write):
    schema = fit(table, "grade")
    other = read_table(
        write("other.csv", CSV.replace("\n20,", "\n,").replace("2024-01-01", "")), asked(schema.get_value_kinds())
    )
    schema.encode_inputs(other)
    assert schema.count_unseen() == {"age": 7, "when": 3}
    notes = build_unseen_notes(schema, {"age": 1200, "when": 1, "member": 2, "sex": 2}, " of the test set")
    reason = "no training row had a missing value, so"
    assert notes == [
        f"1,200 values of column 'age' of the test set are missing; {reason} the median is used",
        f"1 value of column 'when' of the test set is missing; {reason} the mean is used",
        f"2 values of column 'member' of the test set are missing; {reason} 0, between false and true, is used",
        "2 values of column 'sex' of the test set were never seen in training",
    ]


def test_other_files_need_the_inputs_and_nothing_else(table, write):
    schema = fit(table, "grade")
    other = read_table(write("other.csv", "more,member,when,city,sex,age\n?,true,2024-02-02,A,f,30\n"))
    assert schema.encode_inputs(other).shape == (1, len(input_names(schema)))
    lacking = read_table(write("other.csv", "member,when,city,sex,ages\ntrue,2024-02-02,A,f,30\n"))
    text = refusal(schema.encode_inputs, lacking)
    assert "no column 'age', which the network was trained on; did you mean 'ages'?" in text


def test_a_column_is_what_the_user_says(table):
    declared = {"age": ColumnOptions(type="category"), "when": ColumnOptions(type="ignore")}
    schema = fit(table, "grade", columns=declared)
    assert input_names(schema)[:2] == ["age=20", "age=21"]
    assert schema.get_value_kinds()["age"] == "text"
    assert "when" not in schema.get_value_kinds()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "grad"}, "no column 'grad' (did you mean 'grade'?)"),
        ({"target": "grade", "ignore": ("agee",)}, "no column 'agee' (did you mean 'age'?)"),
        ({"target": "grade", "columns": {"citi": ColumnOptions()}}, "no column 'citi' (did you mean 'city'?)"),
        ({"target": "grade", "ignore": ("grade",)}, "column 'grade' is the target and is ignored"),
        ({"target": "grade", "ignore": ("age", "sex", "city", "when", "member")}, "no input column is left"),
    ],
)
def test_a_name_that_is_wrong_is_refused(table, options, message):
    text = refusal(load_data, DataOptions(table.path, **options), 1)
    assert text.startswith(table.path)
    assert message in text


def test_a_target_must_differ(write):
    table = read_table(write("t.csv", "x,y,t\n1,5,a\n2,5,a\n"))
    assert "expected at least two classes in the training rows, got only 'a'" in refusal(fit, table, "t")
    assert "expected numbers that differ" in refusal(fit, table, "y", task="regression")


def test_a_class_never_seen_in_training_is_refused_by_name(write):
    table = read_table(write("t.csv", "x,t\n1,a\n2,b\n3,c\n"))
    schema = TablePreprocessor.fit(table, np.array([0, 1]), DataOptions(table.path, "t"))
    text = refusal(schema.encode_target, table)
    assert "the class 'c' is not in the training rows, whose classes are: a, b" in text


def test_a_column_left_out_is_named_with_the_reason(write):
    text = "id,name,same,x,t\n" + "".join(f"{i},n{i},7,{i % 5},{i % 2}\n" for i in range(1, 50))
    notes = " ".join(fit(read_table(write("t.csv", text)), "t").notes)
    assert (
        "column 'id' is excluded: it looks like a row number; keep it with --set 'data.columns.id.type=\"number\"'"
        in notes
    )
    assert "column 'name' is excluded: 49 of 49 training values are distinct" in notes
    assert "column 'same' is excluded: its value is 7 in every training row" in notes
    assert "'x'" not in notes


def test_adult_keeps_all_of_its_columns():
    schema = fit(read_table(shared("adult-train.csv")), "income")
    assert len(schema.columns) == 14
    assert schema.get_index_sizes() == [("native_country", 42)]
    assert schema.target.labels == ["<=50K", ">50K"]
