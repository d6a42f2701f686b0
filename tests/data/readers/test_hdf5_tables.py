"""Tables in HDF5 files: what pandas writes, rows of fields, a dataset for each column.

``stores/frame_fixed.h5`` and ``stores/frame_table.h5`` were written by pandas 3.1 with PyTables 3.11, by
``DataFrame.to_hdf``. Row i of 40 has: size 1.5 i (none in row 5), count 2⁶⁰ + i, when 12:00 on the i-th day after
2021-03-01, ok whether 3 divides i, and the index 'row i' named key; in the second file city is Köln for even i, else
Bonn (none in row 7), grade a category high where 4 divides i, else low (none in row 3), label yes for i < 20, else no.
"""

from __future__ import annotations

import pickle
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.table_reader import open_scan, read_table
from nntrain.hdf5.pickled_literals import OPAQUE, read_pickled_literal
from tests.data.conftest import refusal

STORES = Path(__file__).parent / "stores"
I = np.arange(40)
SIZE = [None if i == 5 else 1.5 * i for i in range(40)]
WHEN = [np.datetime64("2021-03-01T12:00") + np.timedelta64(i, "D") for i in range(40)]
GRADE = [None if i == 3 else "high" if i % 4 == 0 else "low" for i in range(40)]
CITY = [None if i == 7 else "Bonn" if i % 2 else "Köln" for i in range(40)]


def values(path):
    columns = read_table(path).columns
    return {
        name: [None if gone else value for value, gone in zip(c.values, c.missing, strict=True)]
        for name, c in columns.items()
    }


@pytest.mark.parametrize("name", ["frame_fixed.h5", "frame_table.h5"])
def test_a_data_frame_of_pandas_is_a_table(name):
    path = STORES / name
    found = values(path)
    assert list(found)[:5] == ["key", "size", "count", "when", "ok"]
    assert found["key"] == [f"row {i}" for i in range(40)]
    assert found["size"] == SIZE
    assert found["when"] == WHEN
    assert found["ok"] == [i % 3 == 0 for i in range(40)]
    assert found["count"] == [str(2**60 + i) for i in range(40)]
    assert open_scan(DataFile.open(path), FileOptions()).types["ok"] == "BOOLEAN"


def test_texts_and_categories_of_pandas_are_texts():
    found = values(STORES / "frame_table.h5")
    assert list(found)[5:] == ["city", "grade", "label"]
    assert found["city"] == CITY
    assert found["grade"] == GRADE
    assert found["label"] == ["yes"] * 20 + ["no"] * 20


def test_a_store_is_trained_on_whether_it_fits_into_memory_or_not(tmp_path):
    path = str(STORES / "frame_table.h5")
    whole = load_data(DataOptions(path, target="label"), seed=1)
    pieces = load_data(DataOptions(path, target="label", stream=True, cache=str(tmp_path)), seed=1)
    np.testing.assert_array_equal(whole.train.inputs, pieces.train.inputs[:])
    assert whole.preprocessor.target.labels == ["no", "yes"]


def test_the_older_form_of_times_is_nanoseconds_and_an_index_without_name_is_left_out(tmp_path):
    path = frame(tmp_path, [("a", np.array([[10**9], [np.iinfo(np.int64).min]]), "datetime64")])
    assert values(path) == {"a": [np.datetime64("1970-01-01T00:00:01"), None]}


def test_pickled_objects_are_refused_and_not_unpickled(tmp_path):
    path = frame(tmp_path, [("a", np.array([[1.0], [2.0]]), "")])
    bomb = pickle.dumps(Bomb())
    with h5py.File(path, "a") as file:
        del file["df/block0_values"]
        kept = file.create_dataset("df/block0_values", (1,), h5py.vlen_dtype(np.uint8))
        kept.attrs.update({"CLASS": np.bytes_(b"VLARRAY"), "PSEUDOATOM": np.bytes_(b"object")})
        kept[0] = np.frombuffer(bomb, np.uint8)
        file["df/axis0"].attrs["name"] = np.bytes_(bomb)
    text = refusal(read_table, path)
    assert "column 'a' is stored as pickled objects, which are never loaded" in text
    assert 'format="table"' in text
    assert "to_parquet" in text


class Bomb:
    def __reduce__(self):
        return pytest.fail, ("unpickled",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_literals_are_read_without_running_the_pickle(protocol):
    kept = {
        "names": ["a", "é", 3, None, True, 2.5, 2**70],
        "axes": [(1, ["x"])],
        "none": [],
        "t": (),
        "u": (1, 2, 3, 4),
    }
    assert read_pickled_literal(pickle.dumps(kept, protocol)) == kept
    assert read_pickled_literal(pickle.dumps({"index": {"freq": Bomb(), "name": "k"}}, protocol)) == {
        "index": {"freq": OPAQUE, "name": "k"}
    }
    for wrong in (b"", b".", b"a.", b"word.", b"(lp0\n"):
        with pytest.raises(ValueError):  # noqa: PT011 (also of pickletools)
            read_pickled_literal(wrong)


def frame(folder, blocks):
    """A store as pandas writes it with format="fixed"."""
    path = folder / "frame.h5"
    text = np.bytes_
    with h5py.File(path, "w") as file:
        group = file.create_group("df")
        group.attrs.update({"pandas_type": text(b"frame"), "nblocks": np.int64(len(blocks)), "ndim": np.int64(2)})
        group["axis0"] = np.array([name.encode() for name, _, _ in blocks])
        group["axis1"] = np.arange(len(blocks[0][1]))
        group["axis1"].attrs.update({"kind": text(b"integer"), "name": text(b"N.")})
        for number, (name, kept, type_) in enumerate(blocks):
            group[f"block{number}_items"] = np.array([name.encode()])
            group[f"block{number}_values"] = kept
            if type_:
                group[f"block{number}_values"].attrs["value_type"] = text(type_.encode())
    return path


def test_what_a_store_lacks_is_reported(tmp_path):
    path = frame(tmp_path, [("a", np.zeros((2, 1)), "")])
    with h5py.File(path, "a") as file:
        file["series/values"] = [1, 2]
        file["series"].attrs["pandas_type"] = np.bytes_(b"series")
    assert "has 2 tables: 'df', 'series'" in refusal(read_table, path)
    with h5py.File(path, "a") as file:
        del file["df"]
    assert "/series: a pandas series; expected a DataFrame" in refusal(read_table, path)


ROWS = np.array(
    [(1.5, 7, b"ab", True, (1, 2)), (np.nan, 2**62 + 1, b"", False, (3, 4))],
    dtype=[("x", ">f4"), ("n", "i8"), ("s", "S3"), ("b", "?"), ("v", "i2", (2,))],
)
FIELDS = {"x": [1.5, None], "n": ["7", str(2**62 + 1)], "s": ["ab", None], "b": [1, 0], "v[0]": [1, 3], "v[1]": [2, 4]}


@pytest.mark.parametrize("name", ["rows", "deep__er", "data"])
def test_a_dataset_whose_rows_have_fields_is_a_table(arrays, name):
    path = arrays(**{name: ROWS})
    assert values(path) == FIELDS


def test_fields_may_be_texts_of_any_length(tmp_path):
    path = tmp_path / "t.h5"
    kept = np.array([("é" * 9, 1), ("b", 2)], dtype=[("t", h5py.string_dtype()), ("n", "i4")])
    with h5py.File(path, "w") as file:
        file.create_dataset("rows", data=kept, compression="gzip", chunks=(1,))
    assert values(path) == {"t": ["é" * 9, "b"], "n": [1, 2]}


COLUMNS = {"age": np.array([31, 32, 33]), "name": np.array([b"a", b"b", b""]), "y": np.array([True, False, True])}
READ = {"age": [31, 32, 33], "name": ["a", "b", None], "y": [1, 0, 1]}


@pytest.mark.parametrize("group", ["", "people__"])
def test_datasets_of_one_length_are_columns(arrays, group):
    assert values(arrays(**{group + name: kept for name, kept in COLUMNS.items()})) == READ


def test_inputs_of_one_number_are_a_column_if_there_are_more_columns_than_inputs_and_targets(arrays):
    points = {"x": np.cos(np.arange(40.0)), "y": np.arange(40.0) ** 2, "label": np.arange(40) % 2}
    schema = load_data(DataOptions(str(arrays(**points)), target="label"), seed=1).preprocessor
    assert [column.name for column in schema.columns] == ["x", "y"]
    assert (
        type(load_data(DataOptions(str(arrays(**points)), inputs="x", targets="y"), seed=1).preprocessor).__name__
        == "ArrayPreprocessor"
    )
    pair = {name: points[name] for name in ("x", "y")}
    assert (
        type(load_data(DataOptions(str(arrays(**pair)), task="regression"), seed=1).preprocessor).__name__
        == "ArrayPreprocessor"
    )
    weighted = arrays(**points)
    assert (
        type(load_data(DataOptions(str(weighted), sample_weight="y"), seed=1).preprocessor).__name__
        == "ArrayPreprocessor"
    )


def test_rows_that_are_not_what_they_declare_are_refused(tmp_path):
    path = tmp_path / "bomb.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("rows", (10**9,), ROWS.dtype, chunks=(10,))
    assert "but 0 are stored" in refusal(read_table, path)
    with h5py.File(path, "w") as file:
        file.create_dataset("rows", shape=(3,), dtype=[("r", h5py.ref_dtype)])
    assert "expected numbers or strings" in refusal(read_table, path)
    with h5py.File(path, "w") as file:
        file["a"], file["b"] = np.arange(3), np.arange(3)
        file["c"] = h5py.ExternalLink("other.h5", "/c")
    assert "expected a group or a dataset of this file, got a link" in refusal(read_table, path)
