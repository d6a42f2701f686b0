"""Targets of several columns, and labels."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data, load_dataset
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from tests.data.conftest import refusal

ROWS = 60
NUMBERS = "x,a,b\n" + "".join(f"{i * 37 % 51},{i * 1.5},{1000 - i**2}\n" for i in range(ROWS))
FLAGS = "x,wet,cold,late\n" + "".join(
    f"{i / 7},{'yes' if i % 3 else 'no'},{i % 2},{'true' if i % 5 else 'false'}\n" for i in range(ROWS)
)
LISTS = "x,genres\n" + "".join(
    f"{i / 7},{'|'.join(g for k, g in enumerate(('drama', ' war', 'love')) if i >> k & 1) or '|'}\n"
    for i in range(ROWS)
)


def parts(prepared: DatasetSplits) -> list[np.ndarray]:
    return [part.targets for part in (prepared.train, prepared.validation, prepared.test) if part]


def test_numbers_are_standardised_each_by_itself(write):
    prepared = load_data(DataOptions(str(write("t.csv", NUMBERS)), target=("b", "a")), seed=1)
    target = prepared.preprocessor.target
    assert (target.task, target.names, target.labels) == ("regression", ["b", "a"], ["b", "a"])
    assert prepared.train.targets.shape == (42, 2)
    np.testing.assert_allclose(prepared.train.targets.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(prepared.train.targets.std(axis=0), 1, atol=1e-6)
    values = np.concatenate([target.decode(t) for t in parts(prepared)])
    rows = {(1000 - i**2, i * 1.5) for i in range(ROWS)}
    assert {(round(b), round(a * 2) / 2) for b, a in values} == rows
    assert [column.name for column in prepared.preprocessor.columns] == ["x"]
    assert "the targets 'b', 'a' are numbers: a regression" in prepared.notes


def test_each_number_is_what_it_is_alone(write):
    path = str(write("t.csv", NUMBERS))
    both = load_data(DataOptions(path, target=("a", "b")), seed=1)
    for column, name in enumerate("ab"):
        alone = load_data(DataOptions(path, target=name, ignore=("b" if name == "a" else "a",)), seed=1)
        np.testing.assert_array_equal(both.train.targets[:, [column]], alone.train.targets)


def test_columns_of_two_values_are_labels(write):
    prepared = load_data(DataOptions(str(write("t.csv", FLAGS)), target=("wet", "cold", "late")), seed=1)
    target = prepared.preprocessor.target
    assert (target.task, target.labels) == ("multilabel", ["wet", "cold", "late"])
    assert prepared.train.targets.dtype == np.float32
    assert target.counts == prepared.train.targets.sum(axis=0).tolist()
    words = {name: values.tolist() for name, values in target.decode(np.array([[1, 0, 1], [0, 1, 0]])).items()}
    assert words == {"wet": ["yes", "no"], "cold": ["0", "1"], "late": ["true", "false"]}


def test_cells_are_lists_of_labels(write):
    options = DataOptions(str(write("t.csv", LISTS)), target="genres", label_separator="|")
    prepared = load_data(options, seed=1)
    target = prepared.preprocessor.target
    assert (target.task, target.labels) == ("multilabel", ["drama", "love", "war"])
    assert sum(len(t) for t in parts(prepared)) == ROWS
    assert sum(int(t.sum()) for t in parts(prepared)) == sum(int(i).bit_count() for i in np.arange(ROWS) & 7)
    assert target.decode(np.array([[1, 0, 1], [0, 0, 0]]))["genres"].tolist() == ["drama|war", ""]
    assert any("has lists of labels" in note for note in prepared.notes)


def test_a_list_that_is_empty_is_no_answer_and_a_separator_alone_is_no_label(write):
    path = str(
        write("t.csv", "x,t\n" + "".join(f"{i / 7},{'a;b' if i % 2 else 'a'}\n" for i in range(28)) + "28,;\n29,\n")
    )
    prepared = load_data(
        DataOptions(path, target="t", label_separator=";", file=FileOptions(delimiter=","), validation=0, test=0),
        seed=1,
    )
    assert prepared.train.rows == 29
    assert prepared.train.targets[28].tolist() == [0, 0]
    assert f"{path}: 1 of 30 rows have no 't' and are dropped" in prepared.notes


def test_labels_that_training_never_saw_are_passed_over_and_reported(write):
    path = str(write("t.csv", LISTS))
    other = str(write("other.csv", "x,genres\n1,drama|noir\n2,war|noir\n"))
    prepared = load_data(DataOptions(path, target="genres", label_separator="|", test_path=other), seed=1)
    assert prepared.test.targets.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert "2 values of column 'genres' of the test set were never seen in training" in prepared.notes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (NUMBERS, {"target": ("a", "b")}),
        (FLAGS, {"target": ("wet", "cold", "late")}),
        (LISTS, {"target": "genres", "label_separator": "|"}),
    ],
)
def test_a_restored_schema_encodes_the_same_and_so_do_rows_from_the_disk(write, tmp_path, content, said):
    options = DataOptions(str(write("t.csv", content)), **said)
    first = load_data(options, seed=1)
    again = load_data(options, seed=1, preprocessor=restore_preprocessor(first.preprocessor.state()))
    streamed = load_data(DataOptions(options.path, **said, stream=True, cache=str(tmp_path / "cache")), seed=1)
    for other in (again, streamed):
        for one, same in zip(parts(first), parts(other), strict=True):
            np.testing.assert_array_equal(one, same[:])
    assert load_dataset(options.path, again.preprocessor, need_targets=True).targets.shape[0] == ROWS
    assert load_dataset(options.path, again.preprocessor, need_targets=False).targets is None


def test_rows_that_lack_one_of_the_targets_are_left_out(write):
    path = str(
        write("t.csv", "x,a,b\n" + "".join(f"{i / 7},{i},{2 * i}\n" for i in range(30)) + "0.1,,2\n0.2,3,\n0.3,,\n")
    )
    prepared = load_data(DataOptions(path, target=("a", "b")), seed=1)
    assert sum(len(t) for t in parts(prepared)) == 30
    assert f"{path}: 3 of 33 rows have no 'a' or no 'b' and are dropped" in prepared.notes


WRONG = {
    (
        "a",
        "wet",
    ): "the targets conflict: expected numbers in all, or two values in each, got 'a' numbers, 'wet' two values;",
    (
        "wet",
        "word",
    ): "the targets conflict: expected numbers in all, or two values in each, got 'wet' two values, 'word' strings",
    ("a", "a"): "the target 'a' is named 2 times; expected once",
    ("a", "nowhere"): "no column 'nowhere'",
    ("a,x",): "no column 'a,x'; name each of several targets by itself: --target a --target x",
}


@pytest.mark.parametrize("target", WRONG, ids=str)
def test_columns_that_are_no_target_together_are_refused(write, target):
    path = str(write("t.csv", "x,a,wet,word\n" + "".join(f"{i},{i / 7},{i % 2},w{i % 5}\n" for i in range(40))))
    assert WRONG[target] in refusal(load_data, DataOptions(path, target=target), seed=1)


def test_a_target_cannot_be_ignored_or_be_all_the_same(write):
    path = str(write("t.csv", FLAGS.replace("yes", "no")))
    text = refusal(load_data, DataOptions(path, target=("wet", "cold"), ignore=("cold",)), seed=1)
    assert "column 'cold' is the target and is ignored; expected one or the other" in text
    text = refusal(load_data, DataOptions(path, target=("wet", "cold")), seed=1)
    assert "target 'wet': expected at least two classes in the training rows, got only 'no'" in text
    path = str(write("u.csv", LISTS.replace("\n", "|all\n").replace("genres|all", "genres")))
    text = refusal(load_data, DataOptions(path, target="genres", label_separator="|"), seed=1)
    assert "target 'genres': every training row has the label 'all'; remove it" in text


def test_a_task_may_be_given(write):
    path = str(write("t.csv", FLAGS))
    one = load_data(DataOptions(path, target="wet", task="multilabel"), seed=1)
    assert (one.preprocessor.target.task, one.train.targets.shape) == ("multilabel", (42, 1))
    both = load_data(DataOptions(path, target=("x", "cold"), task="regression", ignore=("wet",)), seed=1)
    assert both.preprocessor.target.task == "regression"
    text = refusal(load_data, DataOptions(path, target=("wet", "cold"), task="classification"), seed=1)
    assert "expected one column of classes; set task to multilabel or regression" in text
    text = refusal(load_data, DataOptions(path, target="x", task="multilabel"), seed=1)
    assert "expected two values, for rows with and without the label, got 0" in text
    assert "if its cells are lists of labels, set data.label_separator" in text
    text = refusal(load_data, DataOptions(path, target="wet", task="classification", label_separator="|"), seed=1)
    assert "data.label_separator is for the labels of one column" in text


X = np.random.default_rng(0).normal(size=(40, 3))


def test_arrays_have_numbers_or_labels_side_by_side(arrays):
    flags = np.random.default_rng(1).integers(0, 2, (40, 4))
    path = str(arrays(x=X, y=flags))
    numbers = load_data(DataOptions(path), seed=1)
    assert numbers.preprocessor.target.task == "regression"
    assert any("--set 'data.task=\"multilabel\"'" in note for note in numbers.notes)
    labels = load_data(DataOptions(path, task="multilabel"), seed=1)
    assert labels.preprocessor.target.labels == [f"targets[{index}]" for index in range(4)]
    assert set(np.unique(labels.train.targets)) == {0, 1}
    again = load_data(
        DataOptions(path, task="multilabel"), seed=1, preprocessor=restore_preprocessor(labels.preprocessor.state())
    )
    np.testing.assert_array_equal(labels.train.targets, again.train.targets)
    assert load_data(DataOptions(str(arrays(x=X, y=flags > 0))), seed=1).preprocessor.target.task == "multilabel"
    wider = arrays(x=X, y=np.concatenate([flags, flags], axis=1))
    assert "expected 4 labels a row, got 8" in refusal(load_dataset, wider, labels.preprocessor, need_targets=True)


def test_arrays_of_more_values_are_no_labels(arrays):
    path = str(arrays(x=X, y=np.arange(80).reshape(40, 2) % 3))
    assert "expected two values, for rows with and without the label" in refusal(
        load_data, DataOptions(path, task="multilabel"), seed=1
    )


def test_an_input_that_gives_one_of_the_answers_away_is_reported(write):
    body = "".join(f"{i % 7},{i % 2},{i % 2},{i // 2 % 2}\n" for i in range(80))
    prepared = load_data(DataOptions(str(write("t.csv", "x,same,a,b\n" + body)), target=("a", "b")), seed=1)
    assert any("column 'same' leaks the target: it alone predicts 'a' in 100.0%" in n for n in prepared.notes)
