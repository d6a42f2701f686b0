"""Tables as keys of tables, and the containers of the package tds: read, printed, written again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain_torch7.format import LuaFunction, ObjectKey, Storage, TorchObject, read, write
from nntrain_torch7.outline import format_outline
from tests.torch7.by_hand import Hand
from tests.torch7.records import GOLDEN
from tests.torch7.same import assert_same

H = Hand()
FIELD = GOLDEN / "field"
FORMS = pytest.mark.parametrize("ascii", [False, True], ids=["binary", "ascii"])


def test_a_table_may_be_its_own_key_and_value() -> None:
    value = read(FIELD / "recursive_kv_table.t7")
    ((key, inner),) = value.items()
    assert isinstance(key, ObjectKey)
    assert key.value is value
    assert inner is value
    assert value[ObjectKey(value)] is value


def test_a_table_is_a_key_of_another() -> None:
    value = read(FIELD / "table_key.ascii.t7")
    key, name = value
    assert (key.value, value[key], name) == ({"a": 7.0}, 5.0, "key")
    assert value["key"] is key.value


@pytest.mark.parametrize("path", sorted(FIELD.iterdir()), ids=lambda path: path.name)
def test_a_file_with_such_keys_is_written_as_it_was(path: Path, tmp_path: Path) -> None:
    write(read(path), tmp_path / "again.t7", ascii=path.name.endswith(".ascii.t7"))
    assert (tmp_path / "again.t7").read_bytes() == path.read_bytes()


PRINTED = {
    "recursive_kv_table.t7": ["a table of 1", "  key #1: the same as the root", "  value #1: the same as the root"],
    "table_key.ascii.t7": [
        "a table of 2",
        "  key #1: a table of 1",
        "    a: 7",
        "  value #1: 5",
        "  key: the same as .key #1",
    ],
}


@pytest.mark.parametrize("name", PRINTED)
def test_such_keys_are_printed_before_their_values(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["t7", str(FIELD / name)]) == 0
    assert capsys.readouterr().out.splitlines() == PRINTED[name]


def test_any_object_is_a_key() -> None:
    tensor = H.tensor(2, H.storage(3))
    storage, thing = H.storage(4, "Float", (0.5,)), H.thing(5, b"nn.Tanh", H.table(6))
    function = H.ints(8, 7) + H.text(b"\x1bLJ") + H.ints(0)
    numbers = (H.number(place) for place in range(1, 6))
    keys = (tensor, storage, thing, function, H.ints(4, 3))
    value = read(H.table(1, *(part for pair in zip(keys, numbers, strict=True) for part in pair)))
    first, second, third, fourth, fifth = (key.value for key in value)
    assert list(value.values()) == [1, 2, 3, 4, 5]
    assert first.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert (second.array.tolist(), second.array.dtype) == ([0.5], np.float32)
    assert (third.name, third.fields, fourth.code) == ("nn.Tanh", {}, b"\x1bLJ")
    # The storage of the first: its tensor is a view of it.
    assert fifth.array is first.base


def test_tables_that_hold_the_same_are_two_keys() -> None:
    value = read(H.table(1, H.table(2), H.number(1), H.table(3), H.number(2)))
    assert list(value.values()) == [1, 2]


@pytest.mark.parametrize("long", "qi")
@pytest.mark.parametrize(("hashes", "vectors"), [("tds.Hash", "tds.Vec"), ("tds_hash", "tds_vec")])
def test_containers_of_tds_are_read(hashes: str, vectors: str, long: str) -> None:
    hand = Hand(long=long)
    vector = hand.thing(
        3, vectors.encode(), hand.longs(3), hand.string(b"a"), hand.ints(0), hand.tensor(4, hand.storage(5))
    )
    inside = hand.thing(6, hashes.encode(), hand.longs(1), hand.number(0.5), hand.ints(4, 3), version=b"V 0")
    entries = (hand.string(b"vec"), vector, hand.number(7), hand.ints(5, 0), hand.string(b"inner"), inside)
    value = read(hand.thing(1, hashes.encode(), hand.longs(3), *entries, version=b"V 0"))
    assert (value.name, value.version, list(value.fields)) == (hashes, 0, ["vec", 7, "inner"])
    assert value.fields[7] is False
    held = value.fields["vec"]
    assert (held.name, list(held.fields), held.fields[1], held.fields[2]) == (vectors, [1, 2, 3], "a", None)
    assert held.fields[3].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert value.fields["inner"].fields == {0.5: held}


def test_containers_of_tds_are_read_as_text() -> None:
    vector = b"4 2 3\nV 0\n7\ntds.Vec\n2\n1\n1.5\n0\n"
    counter = b"4 3 3\nV 0\n17\ntds.AtomicCounter\n9\n"
    text = b"4 1 3\nV 0\n8\ntds.Hash\n2\n2 1\nk\n" + vector + b"2 1\nn\n" + counter
    value = read(text)
    assert value.fields["k"].fields == {1: 1.5, 2: None}
    assert value.fields["n"].fields == 9


def test_an_empty_vector_and_an_empty_hash_are_read() -> None:
    value = read(
        H.table(1, H.number(1), H.thing(2, b"tds.Vec", H.longs(0)), H.number(2), H.thing(3, b"tds.Hash", H.longs(0)))
    )
    assert (value[1].fields, value[2].fields) == ({}, {})


def made() -> Any:
    """Everything that may be a key, and both containers, in a circle."""
    whole: dict[Any, Any] = {"plain": 1.0}
    tensor = np.arange(6.0).reshape(2, 3)
    hashed = TorchObject("tds.Hash", 0, {})
    vector = TorchObject("tds.Vec", 0, {1: None, 2: hashed, 3: tensor})
    hashed.fields |= {"vector": vector, 2: True, "whole": whole}
    counter = TorchObject("tds.AtomicCounter", 0, 12)
    whole |= {ObjectKey(whole): hashed, ObjectKey(tensor): tensor[0], ObjectKey(vector): counter}
    whole |= {ObjectKey(Storage(np.array([3]))): "s", ObjectKey(LuaFunction(b"f")): {ObjectKey({1: 2.0}): None}}
    return whole


@FORMS
def test_what_is_written_reads_as_it_was(ascii: bool, tmp_path: Path) -> None:  # noqa: A002
    write(made(), tmp_path / "a.t7", ascii=ascii)
    once = read(tmp_path / "a.t7")
    write(once, tmp_path / "b.t7", ascii=not ascii)
    assert_same(once, read(tmp_path / "b.t7"))
    keys = [key for key in once if isinstance(key, ObjectKey)]
    hashed = once[keys[0]]
    assert keys[0].value is once is hashed.fields["whole"]
    assert keys[2].value is hashed.fields["vector"]
    assert hashed.fields["vector"].fields[2] is hashed
    assert (hashed.fields[2], once[keys[2]].fields) == (True, 12)
    assert np.shares_memory(keys[1].value, once[keys[1]])


def test_containers_of_tds_are_printed() -> None:
    tensor = np.arange(3, dtype=np.float32) / 4
    vector = TorchObject("tds.Vec", 0, {1: None, 2: 16777217.0, 3: tensor})
    value = TorchObject("tds.Hash", 0, {"vector": vector, "n": TorchObject("tds.AtomicCounter", 0, 3), 1: vector})
    assert list(format_outline(value, 4)) == [
        "tds.Hash of 3",
        "  vector: tds.Vec of 3",
        "    1: nil",
        "    2: 16777217",
        "    3: FloatTensor 3 [0, 0.25, 0.5]",
        "  n: tds.AtomicCounter 3",
        "  1: the same as .vector",
    ]


def test_numbers_and_keys_are_printed_so_that_they_cannot_be_mistaken() -> None:
    numbers = np.array([0.1, 1 / 3, 1e-7], np.float32)
    table: dict[Any, Any] = {1: 0.1, "1": 123456789.0, "True": 2.0**60, "f": numbers, "key #1": 1e300, "x": -0.0}
    table |= {"i": np.array([2**62 + 1, -128]), "s": TorchObject("my.Set", 1, "all")}
    assert list(format_outline(table, 1)) == [
        "a table of 8",
        "  1: 0.1",
        "  '1': 123456789",
        "  'True': 1.152921504606847e+18",
        "  f: FloatTensor 3 [0.1, 0.33333334, 1e-07]",
        "  'key #1': 1e+300",
        "  x: -0.0",
        "  i: LongTensor 2 [4611686018427387905, -128]",
        "  s: my.Set 'all'",
    ]


def deep(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {ObjectKey(value): value}
    return value


def tangled(size: int) -> Any:
    """Tables of which each has all of them as keys and values."""
    tables: list[dict[Any, Any]] = [{} for _ in range(size)]
    for table in tables:
        table |= {ObjectKey(key): value for key, value in zip(tables, reversed(tables), strict=True)}
    return tables[0]


@pytest.mark.parametrize("make", [lambda: deep(3000), lambda: tangled(60)], ids=["deep", "tangled"])
def test_tables_in_circles_end(make: Callable[[], Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(make(), tmp_path / "a.t7")
    assert run_command(["t7", str(tmp_path / "a.t7"), "--depth", "10"]) == 0
    assert run_command(["show", str(tmp_path / "a.t7"), "--partial"]) == 5
    assert "but no network" in capsys.readouterr().err
