"""``data.positive``: which of two classes is the positive one."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from tests.data.conftest import refusal

ROWS = 60
BAD = [i % 3 == 0 for i in range(ROWS)]
CLASSES = "x,t\n" + "".join(f"{i / 7},{'bad' if bad else 'good'}\n" for i, bad in enumerate(BAD))
FLAGS = "x,wet,cold\n" + "".join(f"{i / 7},{'yes' if i % 3 else 'no'},{i % 2}\n" for i in range(ROWS))


def test_the_second_class_in_order_is_positive_and_it_is_printed(write):
    target = load_data(DataOptions(str(write("t.csv", CLASSES))), seed=1).preprocessor.target
    assert (target.labels, target.positive) == (["bad", "good"], None)
    assert target.build_notes()[-1] == (
        "the positive class is 'good', the second of 'bad' and 'good'; to choose the other, set data.positive: "
        "--positive bad"
    )


def test_numbers_are_in_order_of_their_values(write):
    body = "x,t\n" + "".join(f"{i / 7},{10 if i % 3 else 9}\n" for i in range(ROWS))
    prepared = load_data(DataOptions(str(write("t.csv", body)), task="classification"), seed=1)
    assert prepared.preprocessor.target.labels == ["9", "10"]
    assert any("the positive class is '10', the second of '9' and '10'" in note for note in prepared.notes)


def test_a_chosen_class_comes_second_with_its_rows(write):
    path = str(write("t.csv", CLASSES))
    usual, chosen = (load_data(DataOptions(path, positive=positive), seed=1) for positive in (None, "bad"))
    assert (chosen.preprocessor.target.labels, chosen.preprocessor.target.positive) == (["good", "bad"], "bad")
    assert chosen.preprocessor.target.counts == usual.preprocessor.target.counts[::-1]
    np.testing.assert_array_equal(chosen.train.targets, 1 - usual.train.targets)
    assert int(chosen.train.targets.sum()) == chosen.preprocessor.target.counts[1]
    assert "the positive class is 'bad', set by data.positive; the other is 'good'" in chosen.notes


@pytest.mark.parametrize("positive", [None, "bad", "good"])
def test_a_restored_schema_has_the_same_positive_class_and_so_have_rows_from_the_disk(write, tmp_path, positive):
    path = str(write("t.csv", CLASSES))
    first = load_data(DataOptions(path, positive=positive), seed=1)
    again = load_data(
        DataOptions(path, positive=positive), seed=1, preprocessor=restore_preprocessor(first.preprocessor.state())
    )
    streamed = load_data(DataOptions(path, positive=positive, stream=True, cache=str(tmp_path / "cache")), seed=1)
    for other in (again, streamed):
        assert other.preprocessor.target.labels == first.preprocessor.target.labels
        assert other.preprocessor.target.positive == positive
        np.testing.assert_array_equal(first.train.targets, other.train.targets[:])


def test_a_schema_of_before_there_was_a_choice_is_read(write):
    state = load_data(DataOptions(str(write("t.csv", CLASSES))), seed=1).preprocessor.state()
    del state["target"]["positive"]
    assert restore_preprocessor(state).target.positive is None


def test_label_columns_take_a_value_each_or_one_for_all(write):
    path = str(write("t.csv", FLAGS))
    names = ("wet", "cold")
    usual = load_data(DataOptions(path, target=names), seed=1)
    assert any("a row has a label if its value is the positive one: wet 'yes' (not 'no'), cold '1' (not '0')" in n
               for n in usual.notes)  # fmt: skip
    chosen = load_data(DataOptions(path, target=names, positive={"cold": "0"}), seed=1)
    np.testing.assert_array_equal(chosen.train.targets, np.abs(usual.train.targets - [0, 1]))
    words = chosen.preprocessor.target.decode(np.array([[1, 1]]))
    assert {name: values.tolist() for name, values in words.items()} == {"wet": ["yes"], "cold": ["0"]}
    again = load_data(
        DataOptions(path, target=names), seed=1, preprocessor=restore_preprocessor(chosen.preprocessor.state())
    )
    np.testing.assert_array_equal(again.train.targets, chosen.train.targets)
    text = refusal(load_data, DataOptions(path, target=names, positive="yes"), seed=1)
    assert "target 'cold': data.positive: expected '0' or '1', got 'yes'" in text
    text = refusal(load_data, DataOptions(path, target=names, positive={"wett": "yes"}), seed=1)
    assert "data.positive: expected columns of the target, 'wet', 'cold', got 'wett'; did you mean 'wet'?" in text


NUMBERS = "x,t\n" + "".join(f"{i / 7},{i * 1.5}\n" for i in range(ROWS))
COLORS = "x,t\n" + "".join(f"{i / 7},{('red', 'green', 'blue')[i % 3]}\n" for i in range(ROWS))
LISTS = "x,t\n" + "".join(f"{i / 7},{'a|b' if i % 2 else 'a'}\n" for i in range(ROWS)) + "1,b\n"
WRONG = [
    (CLASSES, {"positive": "goood"}, "target 't': data.positive: expected 'bad' or 'good', got 'goood'; did you mean"),
    (CLASSES, {"positive": "1"}, "target 't': data.positive: expected 'bad' or 'good', got '1'"),
    (COLORS, {"positive": "red"}, "data.positive: expected two classes, got 3: blue, green, red; remove it"),
    (NUMBERS, {"positive": "1.5"}, "data.positive: expected a target with two classes, got numbers; remove it"),
    (LISTS, {"positive": "a", "label_separator": "|"}, "expected a target with two classes, got lists of labels"),
]


@pytest.mark.parametrize(("content", "given", "told"), WRONG)
def test_what_is_not_one_of_two_classes_is_refused(write, content, given, told):
    text = refusal(load_data, DataOptions(str(write("t.csv", content)), target="t", **given), seed=1)
    assert told in text


def test_arrays_have_a_positive_class_too(arrays):
    x = np.random.default_rng(0).normal(size=(60, 2))
    y = (np.arange(60) % 3 == 0).astype(np.int64)
    path = str(arrays(x=x, y=y))
    usual, chosen = (load_data(DataOptions(path, positive=positive), seed=1) for positive in (None, "0"))
    np.testing.assert_array_equal(chosen.train.targets, 1 - usual.train.targets)
    assert any("the positive class is '0', set by data.positive" in note for note in chosen.notes)
