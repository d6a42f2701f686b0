"""Whatever is written reads as it was: values, sharing, cycles, arrays of any strides."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from nntrain.errors import CheckpointError
from nntrain_torch7.format import BooleanKey, LuaFunction, Storage, TorchObject, read, write
from tests.torch7.same import assert_same

DTYPES = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8")
FORMS = pytest.mark.parametrize("text", [False, True], ids=["binary", "ascii"])


@pytest.fixture
def again(tmp_path: Path) -> Any:
    def through(value: Any, **how: Any) -> Any:
        write(value, tmp_path / "value.t7", **how)
        return read(tmp_path / "value.t7")

    return through


@FORMS
@pytest.mark.parametrize("seed", range(40))
def test_a_value_made_at_random_survives(seed: int, text: bool, again: Any) -> None:
    value = again(Made(Random(seed)).value())
    assert_same(value, again(value, ascii=text))
    assert_same(value, again(again(value, ascii=not text)))


class Made:
    """Values with everything in them, at random; what was made before comes again."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.arrays = np.random.default_rng(random.randrange(1 << 30))
        self.made: list[Any] = []

    def value(self, depth: int = 0) -> Any:
        if self.made and self.random.random() < 0.2:
            return self.random.choice(self.made)
        plain = (self.number, self.text, lambda: None, lambda: self.random.random() < 0.5, self.array, self.storage)
        return self.table(depth) if depth < 5 and self.random.random() < 0.5 else self.random.choice(plain)()

    def number(self) -> float:
        return self.random.choice((0.0, -0.0, 1.0, 0.1, 1e300, 5e-324, float("inf"), float("-inf"), 2.0**60))

    def text(self) -> str:
        return self.random.choice(("", "weight", "two\nlines ", "größe", "\udcff\udc80", "\0", " "))

    def table(self, depth: int) -> Any:
        table: dict[Any, Any] = {}
        kind = self.random.randrange(3)
        whole = (table, TorchObject("nn.Some", self.random.randrange(3), table), LuaFunction(b"\x1bLJ\n", table))[kind]
        self.made.append(whole)
        keys = [1, 2, 3, -1, 0, 0.5, 1e300, float("inf"), "", "a", "b c", "\udcff", True, False]
        for key in self.random.sample(keys, self.random.randrange(6)):
            if not isinstance(key, bool) or (int(key) not in table):
                table.setdefault(key, self.value(depth + 1))
        return whole

    def array(self) -> Any:
        memory = (self.arrays.standard_normal(60) * 50).astype(self.random.choice(DTYPES))
        shapes = (memory, memory[3:40], memory[::2], memory.reshape(5, 12).T, memory.reshape(3, 4, 5)[1:, ::2, 1:4])
        views = (*shapes, np.broadcast_to(memory[:6, None], (6, 3)), memory[:0], memory[60:])
        chosen = self.random.sample(views, 2)
        self.made += chosen
        return chosen[0]

    def storage(self) -> Storage:
        storage = Storage(self.arrays.integers(-100, 100, self.random.randrange(5)))
        self.made += [storage, storage.array[:1]]
        return storage


@FORMS
@pytest.mark.parametrize("dtype", DTYPES)
def test_extreme_elements_survive(dtype: str, text: bool, again: Any) -> None:
    kind = np.dtype(dtype)
    if kind.kind == "f":
        info = np.finfo(kind)
        values: list[Any] = [info.max, info.min, info.tiny, info.smallest_subnormal, -0.0, np.nan, np.inf, -np.inf, 0.1]
    else:
        values = [np.iinfo(kind).min, np.iinfo(kind).max, 0, 10, 13, 32]
    array = np.array(values, kind)
    assert again(array, ascii=text).tobytes() == array.tobytes()


@FORMS
def test_many_elements_survive(text: bool, again: Any) -> None:
    array = np.random.default_rng(0).standard_normal(100_000)
    assert again(array, ascii=text).tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0)[::-1],
        np.arange(6.0).reshape(2, 3)[:, ::-1],
        np.arange(6, dtype=">f8"),
        np.array([True, False]),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.lib.stride_tricks.sliding_window_view(np.arange(6.0), 3),
        np.frombuffer(b"12345678" * 3),
        np.zeros(3, [("a", "i1"), ("b", "f8")])["b"],
        np.arange(24, dtype=np.uint8)[4:20].view(np.int32),
        np.arange(24, dtype=np.uint8)[3:7].view(np.int16),
        np.zeros((2, 0, 3)),
    ],
)
def test_an_array_of_any_strides_and_type_survives(array: Any, again: Any) -> None:
    np.testing.assert_array_equal(again(array), array)


def test_a_single_number_becomes_an_axis_of_one(again: Any) -> None:
    assert again(np.array(2.5)).tolist() == [2.5]
    assert again(np.arange(3.0)[1, ...]).tolist() == [1]


def test_the_empty_tensor_keeps_its_shape(again: Any) -> None:
    assert again(np.zeros(0, np.float32)).shape == (0,)
    assert again(np.zeros(0, np.float32)).dtype == np.float32


def test_parameters_of_one_vector_stay_views_of_it(again: Any) -> None:
    flat = np.arange(10.0)
    value = again([flat[:6].reshape(2, 3), flat[6:], flat[:6].reshape(2, 3).T])
    assert value[1].base is value[2].base is value[3].base
    value[1][0, 1] = 50
    assert value[3][1, 0] == 50


def test_a_storage_and_a_tensor_on_it_share(again: Any) -> None:
    sizes = np.arange(3)
    value = again({"sizes": Storage(sizes), "view": sizes[1:]})
    value["sizes"].array[1] = 9
    assert value["view"][0] == 9


def test_lists_are_tables_and_integers_are_numbers(again: Any) -> None:
    assert again([1, [np.int64(2), np.float32(0.5)], (True, np.True_)]) == {
        1: 1.0,
        2: {1: 2.0, 2: 0.5},
        3: {1: True, 2: True},
    }


def test_a_boolean_and_its_number_are_two_keys(again: Any) -> None:
    for table in (
        {1: "one", BooleanKey(True): "true"},
        {BooleanKey(True): "true", 0: "", 1: "one", BooleanKey(False): ""},
    ):
        assert list(again(table).items()) == list(table.items())
    assert again({True: "true"}) == {True: "true"}


def test_what_is_deep_is_written(again: Any) -> None:
    value: Any = None
    for _ in range(9_000):
        value = {1: value}
    value = again(value)
    for _ in range(9_000):
        value = value[1]
    assert value is None


def test_classes_that_write_themselves_survive(again: Any) -> None:
    value = [TorchObject("nn.GPU", 1, {"modules": {}}, {1: "torch.CudaTensor", 2: 1.0}), TorchObject("torch.Timer"), 5]
    gpu, timer, five = again(value).values()
    assert (gpu.head, gpu.fields, timer.name, timer.fields, five) == (
        {1: "torch.CudaTensor", 2: 1.0},
        {"modules": {}},
        "torch.Timer",
        None,
        5,
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"a": [None, {2: object()}]}, "a[2][2]: cannot be written as .t7: a object"),
        ({"a": {None: 1}}, "a: cannot be written as .t7: a table with the key None"),
        ({float("nan"): 1}, "the key nan"),
        ({(1, 2): 1}, "the key (1, 2)"),
        ([2**53 + 1], "[1]: cannot be written as .t7: 9007199254740993"),
        ([10**400], "not exact as a double"),
        (["\ud800"], "cannot be encoded"),
        ([np.zeros(2, np.complex128)], "an array of complex128"),
        ([np.array([None])], "an array of object"),
        ([Storage(np.zeros((2, 2)))], "a storage whose array is part"),
        ([Storage(np.zeros(4)[1:])], "a storage whose array is part"),
    ],
)
def test_what_the_format_does_not_have_is_reported(value: Any, told: str, tmp_path: Path) -> None:
    path = tmp_path / "value.t7"
    path.write_bytes(b"before")
    with pytest.raises(CheckpointError) as caught:
        write(value, path)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_longs_of_4_bytes_cannot_hold_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="a long of more than 4 bytes"):
        write(np.array([1 << 31]), tmp_path / "value.t7", long_size=4)


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be written"):
        write(1, tmp_path / "nowhere" / "value.t7")
    with pytest.raises(CheckpointError, match="cannot be written"):
        write(1, tmp_path)
