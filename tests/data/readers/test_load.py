"""The front door: options in, encoded parts out."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.fingerprint import compute_fingerprint
from nntrain.data.loading import load_data, load_dataset
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.readers.data_reader import DataReader
from tests.data.conftest import refusal, shared

CSV = "x,colour,t\n" + "".join(f"{i * 37 % 51},{'rgb'[i % 3]},{'yes' if i % 5 == 0 else 'no'}\n" for i in range(100))
X = np.random.default_rng(0).normal(size=(40, 3))
Y = np.arange(40) % 2


@pytest.fixture
def csv(write) -> str:
    return str(write("rows.csv", CSV))


def rows(prepared: DatasetSplits) -> list[int]:
    parts = (prepared.train, prepared.validation, prepared.test)
    return [part.rows if part else 0 for part in parts]


def arrays_of(prepared: DatasetSplits) -> list[np.ndarray]:
    parts = (prepared.train, prepared.validation, prepared.test)
    tables = [part.inputs if isinstance(part.inputs, list) else [part.inputs] for part in parts if part]
    return [*(array for table in tables for array in table), *(part.targets for part in parts if part)]


def test_a_table_is_split_fitted_and_encoded(csv):
    prepared = load_data(DataOptions(csv, target="t", number_scaling="standard"), seed=1)
    assert rows(prepared) == [70, 15, 15]
    assert [np.bincount(part.targets).tolist() for part in (prepared.validation, prepared.test)] == [[12, 3]] * 2
    assert abs(prepared.train.inputs[:, 0].mean()) < 1e-6
    assert abs(prepared.test.inputs[:, 0].mean()) > 1e-3
    assert prepared.fingerprint == hashlib.sha256(CSV.encode()).hexdigest() == compute_fingerprint(csv)


@pytest.mark.parametrize(
    "options", [{}, {"stratify": False}, {"validation": 0.0}, {"columns": {"x": ColumnOptions("category")}}]
)
def test_with_a_restored_schema_the_parts_are_the_same_to_the_last_bit(csv, options):
    options = DataOptions(csv, target="t", **options)
    first = load_data(options, seed=1)
    again = load_data(options, seed=1, preprocessor=restore_preprocessor(first.preprocessor.state()))
    for one, other in zip(arrays_of(first), arrays_of(again), strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.notes == first.notes


def test_with_a_schema_nothing_is_fitted(csv, write):
    schema = load_data(DataOptions(csv, target="t"), seed=1).preprocessor
    other = str(write("other.csv", CSV.replace(",r,", ",violet,")))
    prepared = load_data(DataOptions(other, target="t"), seed=1, preprocessor=schema)
    assert prepared.preprocessor is schema
    assert any("of column 'colour' of the test set w" in note for note in prepared.notes)


def test_the_target_is_the_last_column_unless_it_is_named(csv):
    prepared = load_data(DataOptions(csv), seed=1)
    assert prepared.preprocessor.target.name == "t"
    assert "the target is the last column, 't'" in prepared.notes[0]
    assert load_data(DataOptions(csv, target="colour"), seed=1).preprocessor.target.labels == ["b", "g", "r"]


def test_parts_with_files_of_their_own_are_not_split_off(csv, write):
    other = str(write("other.csv", "t,x,colour,more\nno,1,r,?\nyes,2,violet,?\n,3,g,?\n"))
    prepared = load_data(DataOptions(csv, target="t", test_path=other), seed=1)
    assert rows(prepared) == [85, 15, 2]
    assert f"{other}: 1 of 3 rows have no 't' and are dropped" in prepared.notes
    assert "1 value of column 'colour' of the test set was never seen in training" in prepared.notes
    assert rows(load_data(DataOptions(csv, target="t", test_path=other, validation_path=other), seed=1)) == [100, 2, 2]


def test_rows_without_a_target_are_left_out_and_counted(write):
    path = str(write("t.csv", CSV.replace(",yes", ",", 5)))
    prepared = load_data(DataOptions(path, target="t"), seed=1)
    assert sum(rows(prepared)) == 95
    assert prepared.notes[0] == f"{path}: 5 of 100 rows have no 't' and are dropped"
    empty = str(write("u.csv", "x,t\n1,\n2,\n"))
    assert "the target 't' has no value in any row" in refusal(load_data, DataOptions(empty), seed=1)


def test_a_column_that_is_ignored_may_hold_anything(write):
    path = str(write("t.csv", CSV.replace("\n37,", "\noops,", 1)))
    assert "column 'x': expected a number, got 'oops'" in refusal(load_data, DataOptions(path), seed=1)
    schema = load_data(DataOptions(path, ignore=("x",)), seed=1).preprocessor
    assert [column.name for column in schema.columns] == ["colour"]
    inputs = load_dataset(path, schema, need_targets=False).inputs
    assert inputs.shape == (100, 3)


def test_a_regression_is_not_stratified(csv):
    prepared = load_data(DataOptions(csv, target="x"), seed=1)
    assert rows(prepared) == [70, 15, 15]
    assert prepared.train.targets.dtype == np.float32


def test_other_files_are_read_as_the_schema_needs_them(csv, write):
    schema = load_data(DataOptions(csv, target="t"), seed=1).preprocessor
    path = write("p.csv", "colour;x;t\nr;?;maybe\nviolet;2,5;\n")
    read = load_dataset(path, schema, need_targets=False)
    assert (read.inputs.shape, read.targets, read.rows) == ((2, 4), None, 2)
    assert schema.count_unseen() == {"x": 1, "colour": 1}
    assert "the class 'maybe' is not in the training rows" in refusal(load_dataset, path, schema, need_targets=True)
    bad = write("p.csv", "x,colour\n1,r\noops,r\n")
    assert "row 2 (line 3), column 'x': expected a number" in refusal(load_dataset, bad, schema, need_targets=False)


def test_arrays_at_the_root_are_split(arrays):
    prepared = load_data(DataOptions(str(arrays(x=X, y=Y))), seed=1)
    assert rows(prepared) == [28, 6, 6]
    again = load_data(
        DataOptions(str(arrays(x=X, y=Y))), seed=1, preprocessor=restore_preprocessor(prepared.preprocessor.state())
    )
    for one, other in zip(arrays_of(prepared), arrays_of(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_groups_of_arrays_are_parts(arrays):
    path = str(arrays(train__x=X, train__y=Y, test__x=X[:8], test__y=Y[:8]))
    prepared = load_data(DataOptions(path), seed=1)
    assert rows(prepared) == [34, 6, 8]
    assert load_dataset(path, prepared.preprocessor, need_targets=True).rows == 8
    names = (None, None, None, "train")
    assert DataReader().read_rows(Path(path), prepared.preprocessor, *names, need_targets=True).count == 40


def test_of_a_file_with_one_group_that_is_evaluated(arrays):
    schema = load_data(DataOptions(str(arrays(x=X, y=Y))), seed=1).preprocessor
    assert load_dataset(arrays(x=X, y=Y), schema, need_targets=True).rows == 40
    assert load_dataset(arrays(train__x=X), schema, need_targets=False).targets is None
    two = arrays(train__x=X, train__y=Y, validation__x=X, validation__y=Y)
    assert "no group 'test'; the groups are: train, validation" in refusal(load_dataset, two, schema, need_targets=True)
    assert "name their dataset with --targets" in refusal(load_dataset, arrays(x=X), schema, need_targets=True)


def test_without_a_group_for_training_arrays_are_refused(arrays):
    assert "no group 'train'; the groups are: test" in refusal(load_data, DataOptions(str(arrays(test__x=X))), seed=1)


def test_tables_and_arrays_are_not_mixed_up(csv, arrays):
    path = arrays(x=X, y=Y)
    of_arrays, of_table = (
        load_data(DataOptions(str(path)), seed=1).preprocessor,
        load_data(DataOptions(csv), seed=1).preprocessor,
    )
    for schema, other in ((of_arrays, csv), (of_table, str(path))):
        assert ", as in training, got " in refusal(load_dataset, other, schema, need_targets=False)
        assert ", as in training, got " in refusal(load_data, DataOptions(other), seed=1, preprocessor=schema)


@pytest.mark.parametrize("key", ["inputs", "targets"])
def test_datasets_of_a_table_are_refused(csv, key):
    text = refusal(load_data, DataOptions(csv, **{key: "/x"}), seed=1)
    assert text.startswith(f"{csv}: data.{key} is set, but the file contains a table, which has no datasets")


@pytest.mark.parametrize("said", [{"target": "y"}, {"ignore": ("x",)}, {"label_separator": ";"}])
def test_columns_of_arrays_are_refused(arrays, said):
    path = arrays(x=X, y=Y)
    text = refusal(load_data, DataOptions(str(path), **said), seed=1)
    assert text.startswith(f"{path}: data.{next(iter(said))} is set, but the file contains arrays of an HDF5 file")


def test_a_delimiter_of_arrays_is_refused(arrays):
    options = DataOptions(str(arrays(x=X, y=Y)), file=FileOptions(delimiter=";"))
    assert "data.delimiter is set, but the file contains arrays of an HDF5 file" in refusal(load_data, options, 1)


def test_too_few_rows_for_the_parts_are_refused(write):
    path = str(write("t.csv", "a,b,t\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"))
    text = refusal(load_data, DataOptions(path), seed=1)
    assert text.startswith(f"{path}: the validation set is empty after splitting 4 rows")
    assert rows(load_data(DataOptions(path, validation=0, test=0), seed=1)) == [4, 0, 0]


def test_the_database_and_hdf5_are_imported_only_by_what_reads_them():
    code = "import sys, nntrain.data.loading; sys.exit('duckdb' in sys.modules or 'h5py' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_mnist_is_read_as_images():
    prepared = load_data(DataOptions(str(shared("mnist-10k.h5"))), seed=1)
    assert rows(prepared) == [6800, 1200, 2000]
    assert prepared.train.inputs.max() == 1
    assert prepared.preprocessor.target.labels == list("0123456789")
