"""Classes are the texts of the file, exactly as they are written."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from nntrain.data.loading import load_data, load_dataset
from nntrain.data.options.data_options import DataOptions

COLUMNS = {
    "booleans": (["True", "False"], {}),
    "floats of pandas": (["1.0", "0.0"], {}),
    "times": (["12:00", "13:00"], {}),
    "dates": (["26/04/2021", "27/04/2021"], {}),
    "leading zeros": (["007", "7"], {}),
    "trailing zeros": (["1.1", "1.10"], {"task": "classification"}),
    "integers above 2**53": (["9007199254740993", "9007199254740992"], {"task": "classification"}),
    "integers": (["2", "10"], {}),
    "units": (["5 kg", "10 kg"], {}),
}


def path_of(write, cells, name="t.csv"):
    return write(name, "x,y\n" + "".join(f"{row / 7},{cells[row % len(cells)]}\n" for row in range(60)))


@pytest.mark.parametrize(("cells", "said"), COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("stream", [False, True])
def test_classes_are_predicted_as_they_are_written(write, tmp_path, cells, said, stream):
    path = path_of(write, cells)
    options = DataOptions(str(path), target="y", stream=stream, cache=str(tmp_path / "cache"), **said)
    target = load_data(options, seed=1).preprocessor.target
    assert target.task == "classification"
    assert sorted(target.decode(np.arange(2))) == sorted(cells)


def test_texts_of_one_value_are_one_class_unless_they_are_declared_to_be_classes(write):
    path = path_of(write, ["1", "1.0", "2"])
    assert load_data(DataOptions(str(path), target="y"), seed=1).preprocessor.target.labels == ["1", "2"]
    declared = load_data(DataOptions(str(path), target="y", task="classification"), seed=1)
    assert declared.preprocessor.target.labels == ["1", "1.0", "2"]


def test_why_numbers_are_classes_is_still_stated(write):
    notes = load_data(DataOptions(str(path_of(write, ["3", "4", "5"])), target="y"), seed=1).notes
    assert any("3 distinct integers: a classification; if they are quantities" in note for note in notes)


@pytest.mark.parametrize(("trained", "other"), [(["1", "0"], ["1.0", "0.0"]), (["1.0", "0.0"], ["1", "0"])])
def test_integers_are_known_again_when_they_are_written_as_floats(write, trained, other):
    schema = load_data(DataOptions(str(path_of(write, trained)), target="y"), seed=1).preprocessor
    part = load_dataset(path_of(write, other, "other.csv"), schema, need_targets=True)
    assert part.targets.tolist() == [1, 0] * 30


def test_integers_of_parquet_are_known_again(write, tmp_path):
    schema = load_data(DataOptions(str(path_of(write, ["1", "0"])), target="y"), seed=1).preprocessor
    for type_ in ("BIGINT", "DOUBLE"):
        path = tmp_path / "t.parquet"
        duckdb.sql(f"SELECT i / 7 AS x, ((i + 1) % 2)::{type_} AS y FROM range(60) r(i)").write_parquet(str(path))
        assert load_dataset(path, schema, need_targets=True).targets.tolist() == [1, 0] * 30
