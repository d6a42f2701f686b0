"""Splits by a hash, by what a column says, and by time."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b

import numpy as np
import pytest

from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.splits.split_by_column import hash_to_uniform, split_by_hash, split_by_time, split_by_value
from nntrain.data.splits.split_indices import SplitIndices
from nntrain.data.tables.raw_column import RawColumn
from tests.data.conftest import refusal

RANDOM = np.random.default_rng(4)


def texts(values: list[str | None]) -> RawColumn:
    return RawColumn("key", "text", np.array(values, dtype=object))


def numbers(values: object) -> RawColumn:
    return RawColumn("key", "number", np.asarray(values, dtype=np.float64))


def sides(cut: SplitIndices) -> np.ndarray:
    """The part of each row: 0 train, 1 validation, 2 test."""
    parts = (cut.train, cut.validation, cut.test)
    found = np.full(sum(map(len, parts)), -1)
    for part, index in enumerate(parts):
        assert (np.diff(index.astype(int)) > 0).all()
        found[index] = part
    assert (found >= 0).all()
    return found


KEYS = [f"customer {k}" for k in RANDOM.integers(0, 3000, 9000)]


def test_a_hash_is_uniform_and_stated():
    u = np.array([hash_to_uniform(f"key {k}") for k in range(20_000)])
    assert u.min() >= 0
    assert u.max() < 1
    np.testing.assert_allclose(np.histogram(u, 10, (0, 1))[0] / len(u), 0.1, atol=0.01)
    digest = blake2b("Zoë".encode(), digest_size=8).digest()
    assert hash_to_uniform("Zoë") == int(digest.hex(), 16) // 2**11 / 2**53


def test_by_hash_no_key_is_on_two_sides_and_parts_are_in_proportion():
    side = sides(split_by_hash(texts(KEYS), validation=0.2, test=0.1))
    assert all(len({side[row] for row in rows}) == 1 for rows in rows_of_keys().values())
    np.testing.assert_allclose(np.bincount(side) / len(side), [0.7, 0.2, 0.1], atol=0.03)


def rows_of_keys() -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(KEYS):
        rows.setdefault(key, []).append(row)
    return rows


def test_by_hash_a_row_stays_on_its_side_when_rows_and_shares_are_added():
    few, many = (sides(split_by_hash(texts(KEYS[:n]), validation=0.2, test=0.1)) for n in (4000, 9000))
    np.testing.assert_array_equal(few, many[:4000])
    turned = sides(split_by_hash(texts(KEYS[::-1]), validation=0.2, test=0.1))
    np.testing.assert_array_equal(turned[::-1], many)
    larger = sides(split_by_hash(texts(KEYS), validation=0.2, test=0.3))
    assert (larger[many == 2] == 2).all()
    without = sides(split_by_hash(texts(KEYS), validation=0, test=0.1))
    np.testing.assert_array_equal(without == 2, many == 2)


def test_by_hash_numbers_go_by_their_name():
    as_numbers = sides(split_by_hash(numbers(range(1000)), validation=0.1, test=0.1))
    as_texts = sides(split_by_hash(texts([str(k) for k in range(1000)]), validation=0.1, test=0.1))
    np.testing.assert_array_equal(as_numbers, as_texts)


def test_by_hash_too_few_keys_are_reported():
    text = refusal(split_by_hash, texts(["a"] * 50), validation=0.1, test=0.1)
    assert "set is empty after splitting 50 rows with 1 distinct values of 'key'" in text


@pytest.mark.parametrize("way", [split_by_hash, split_by_time])
def test_a_row_without_a_value_is_reported(way):
    column = texts(["a", None, "b"]) if way is split_by_hash else numbers([1, np.nan, 2])
    text = refusal(way, column, validation=0.1, test=0.1)
    assert "split_column 'key': expected a value in every row, got none in 1" in text


def test_by_time_the_oldest_train_and_the_newest_are_for_the_test():
    times = RANDOM.permutation(100)
    side = sides(split_by_time(numbers(times), validation=0.2, test=0.1))
    assert times[side == 0].max() < times[side == 1].min()
    assert times[side == 1].max() < times[side == 2].min()
    assert np.bincount(side).tolist() == [70, 20, 10]
    assert np.bincount(sides(split_by_time(numbers(times), validation=0, test=0.25)), minlength=3).tolist() == [
        75,
        0,
        25,
    ]
    assert np.bincount(sides(split_by_time(numbers(times), validation=0.25, test=0)), minlength=3).tolist() == [
        75,
        25,
        0,
    ]


@pytest.mark.parametrize("sizes", [[50, 3, 3, 44], [1, 1, 98], [97, 2, 1], [10] * 10, [5, 90, 5]])
def test_by_time_rows_of_one_time_are_never_in_two_parts(sizes):
    times = np.repeat(np.arange(len(sizes)), sizes)
    RANDOM.shuffle(times)
    side = sides(split_by_time(numbers(times), validation=0.15, test=0.15))
    assert all(len(set(side[times == time])) == 1 for time in range(len(sizes)))
    assert set(side) == {0, 1, 2}
    assert (np.diff([side[times == time][0] for time in range(len(sizes))]) >= 0).all()


def test_by_time_what_cannot_be_cut_is_reported():
    text = refusal(split_by_time, numbers([1] * 5 + [2] * 5), validation=0.1, test=0.1)
    assert "split_column 'key': expected at least 3 distinct times, one for each set, got 2" in text
    assert "expected times or numbers, got text" in refusal(split_by_time, texts(["a"]), validation=0.1, test=0.1)


def test_by_value_rows_go_where_the_column_says():
    side = sides(split_by_value(texts(["test", "train", "train", "validation"]), None))
    assert side.tolist() == [2, 0, 0, 1]
    side = sides(split_by_value(numbers([2020, 2021, 2022, 2020]), {"train": ("2020",), "test": ("2021", "2022")}))
    assert side.tolist() == [0, 2, 2, 0]


def test_by_value_other_values_are_reported():
    text = refusal(split_by_value, texts(["train", "dev"]), None)
    assert "split_column 'key': expected one of 'train', 'validation', 'test', got 'dev'" in text
    assert "data.split_values" in text
    assert "split_column 'key': expected 'train' in at least one row" in refusal(split_by_value, texts(["test"]), None)
    by_year = {"train": ("2020", "2021"), "test": ("2022",)}
    assert "'key': expected '2020' or '2021' in at least one row" in refusal(split_by_value, texts(["2022"]), by_year)


DAYS = [date(2020, 1, 1) + timedelta(int(k)) for k in RANDOM.integers(0, 400, 200)]
CSV = "day,who,part,x,t\n" + "".join(
    f"{day},w{k % 40},{('train', 'train', 'train', 'validation', 'test')[k % 5]},{k * 37 % 51},{'ab'[k % 3 == 0]}\n"
    for k, day in enumerate(DAYS)
)
WAYS = {
    "time": {"split": "time", "split_column": "day"},
    "hash": {"split": "hash", "split_column": "who"},
    "hash by default": {"split_column": "who"},
    "column": {"split": "column", "split_column": "part"},
    "values": {"split": "column", "split_column": "who", "split_values": {"train": [f"w{k}" for k in range(40)]}},
    "input": {"split": "hash", "split_column": "who", "split_input": True},
    "target": {"split": "column", "split_column": "t", "split_values": {"train": ["a"], "test": ["b"]}, "target": "x"},
}


def arrays_of(prepared: DatasetSplits) -> list[np.ndarray]:
    parts = [part for part in (prepared.train, prepared.validation, prepared.test) if part]
    return [np.asarray(array[:]) for part in parts for array in part.full_batch.arrays]


@pytest.mark.parametrize("way", WAYS)
def test_a_table_is_split_the_same_at_any_time_and_from_the_disk(write, tmp_path, way):
    options = {"target": "t", **WAYS[way]}
    path = str(write("t.csv", CSV))
    first = load_data(DataOptions(path, **options), seed=1)
    again = load_data(
        DataOptions(path, **options), seed=1, preprocessor=restore_preprocessor(first.preprocessor.state())
    )
    streamed = load_data(DataOptions(path, **options, stream=True, cache=str(tmp_path / "cache")), seed=1)
    for other in (again, streamed):
        for one, same in zip(arrays_of(first), arrays_of(other), strict=True):
            np.testing.assert_array_equal(one, same)
    named = {column.name for column in first.preprocessor.columns}
    assert (options["split_column"] in named) == (way == "input")


def test_what_is_split_by_may_be_ignored_too(write):
    path = str(write("t.csv", CSV))
    for way in ("time", "hash", "column"):
        name = WAYS[way]["split_column"]
        one, other = (load_data(DataOptions(path, target="t", ignore=i, **WAYS[way]), seed=1) for i in ((), (name,)))
        np.testing.assert_array_equal(one.test.targets, other.test.targets)


def test_the_seed_has_no_part_in_it(write):
    path = str(write("t.csv", CSV))
    for way in ("time", "hash"):
        one, other = (load_data(DataOptions(path, target="t", **WAYS[way]), seed=seed) for seed in (1, 2))
        for same, again in zip(arrays_of(one), arrays_of(other), strict=True):
            np.testing.assert_array_equal(same, again)


def test_a_part_with_rows_of_its_own_is_not_named_by_the_column(write):
    path = str(write("t.csv", CSV))
    text = refusal(load_data, DataOptions(path, target="t", test_path=path, **WAYS["column"]), seed=1)
    assert "'part' assigns 40 rows to test, which has rows of its own; remove one of the two" in text
    prepared = load_data(DataOptions(path, target="t", test_path=path, **WAYS["hash"]), seed=1)
    assert prepared.test.rows == 200
    assert prepared.train.rows + prepared.validation.rows == 200


def test_a_column_that_is_not_there_is_reported(write):
    path = str(write("t.csv", CSV))
    assert "no column 'hwo' (did you mean 'who'?)" in refusal(
        load_data, DataOptions(path, target="t", split_column="hwo"), seed=1
    )


X, Y = RANDOM.normal(size=(60, 3)), np.arange(60) % 2


def test_arrays_are_split_by_a_dataset_beside_them(arrays):
    who = np.array([f"w{k % 20}" for k in range(60)], dtype=object)
    path = str(arrays(x=X, y=Y, who=who, day=np.arange(60.0)))
    by_hash = load_data(DataOptions(path, split_column="who"), seed=1)
    expected = sides(split_by_hash(texts(list(who)), validation=0.15, test=0.15))
    np.testing.assert_array_equal(by_hash.test.targets, Y[expected == 2])
    by_time = load_data(DataOptions(path, split="time", split_column="/day"), seed=1)
    np.testing.assert_array_equal(by_time.test.targets, Y[-9:])
    again = load_data(
        DataOptions(path, split_column="who"), seed=1, preprocessor=restore_preprocessor(by_hash.preprocessor.state())
    )
    for one, same in zip(arrays_of(by_hash), arrays_of(again), strict=True):
        np.testing.assert_array_equal(one, same)


def test_a_dataset_that_does_not_fit_is_reported(arrays):
    path = str(arrays(x=X, y=Y, who=np.arange(7)))
    assert "has 60 rows and 'who' has 7" in refusal(load_data, DataOptions(path, split_column="who"), seed=1)
    text = refusal(load_data, DataOptions(path, split_column="key"), seed=1)
    assert f"{path}: no dataset 'key' next to the inputs with a value for each row" in text
