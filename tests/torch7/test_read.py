"""What the format allows is read: other machines, old files, classes that write themselves, functions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nntrain.errors import CheckpointError
from nntrain_torch7.format import BooleanKey, TorchObject, read
from tests.torch7.by_hand import Hand

MACHINES = pytest.mark.parametrize("hand", [Hand(order, long) for order in "<>" for long in "qi"])

H = Hand()


@MACHINES
def test_files_of_other_machines_are_found_out(hand: Hand) -> None:
    first = hand.tensor(2, hand.storage(3))
    value = read(hand.table(1, hand.number(1), first, hand.string(b"t"), hand.tensor(4, hand.ints(4, 3), [6], [1])))
    assert value[1].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert value["t"].base is value[1].base


@MACHINES
def test_the_size_of_longs_can_be_forced(hand: Hand) -> None:
    data = hand.tensor(1, hand.storage(2))
    right = len(hand.longs(0))
    assert read(data, long_size=right).shape == (2, 3)
    with pytest.raises(CheckpointError, match=r"byte .* or omit the long size"):
        read(data, long_size=12 - right)
    with pytest.raises(CheckpointError, match="expected 8 or 4"):
        read(data, long_size=2)


def test_the_empty_tensor_of_longs_of_4_is_found_out() -> None:
    hand = Hand(long="i")
    data = hand.table(1, hand.number(1), hand.tensor(2, hand.ints(0), (), ()), hand.number(2), hand.string(b"after"))
    value = read(data)
    assert value[1].shape == (0,)
    assert value[2] == "after"


def test_cuda_is_read_as_its_counterpart() -> None:
    assert read(H.tensor(1, H.storage(2, "Cuda"), kind="Cuda")).dtype == np.float32
    assert read(H.tensor(1, H.storage(2, "CudaLong"), kind="CudaLong")).dtype == np.int64


def test_a_class_without_a_version_is_version_0() -> None:
    value = read(H.thing(1, b"nn.Old", H.table(2, H.string(b"size"), H.number(3)), version=None))
    assert (value.name, value.version, value.fields) == ("nn.Old", 0, {"size": 3.0})
    assert read(H.thing(1, b"nn.New", H.table(2), version=b"V 12")).version == 12
    assert read(H.thing(1, b"torch.IntStorage", H.longs(1), H.ints(5), version=None)).array.tolist() == [5]


def test_an_object_may_hold_itself() -> None:
    value = read(H.thing(1, b"nn.Self", H.table(2, H.string(b"me"), H.ints(4, 1), H.string(b"fields"), H.ints(3, 2))))
    assert value.fields["me"] is value
    assert value.fields["fields"] is value.fields


def test_gpu_and_timer_write_themselves() -> None:
    head = H.table(3, H.number(1), H.string(b"torch.CudaTensor"), H.number(2), H.number(1))
    gpu = H.thing(2, b"nn.GPU", head, H.table(4, H.string(b"device"), H.number(1)))
    value = read(H.table(1, H.number(1), gpu, H.number(2), H.thing(5, b"torch.Timer"), H.number(3), H.number(7)))
    assert value[1].head == {1: "torch.CudaTensor", 2: 1.0}
    assert value[1].fields == {"device": 1.0}
    assert isinstance(value[2], TorchObject)
    assert value[3] == 7


@pytest.mark.parametrize("kind", [6, 7, 8])
def test_functions_are_markers(kind: int) -> None:
    index = () if kind == 6 else (2,)
    function = H.ints(kind, *index) + H.text(b"\x1bLJ\0") + H.table(3, H.number(1), H.string(b"up"))
    again = function if kind == 6 else H.ints(kind, 2)
    if kind == 6:
        again = H.ints(6) + H.text(b"") + H.ints(0)
    value = read(H.table(1, H.number(1), function, H.number(2), again))
    assert (value[1].code, value[1].upvalues, value[1].kind) == (b"\x1bLJ\0", {1: "up"}, kind)
    assert (value[1] is value[2]) == (kind != 6)


def test_an_object_may_write_something_else_than_a_table() -> None:
    assert read(H.thing(1, b"my.Set", H.string(b"all"))).fields == "all"


def test_keys_keep_their_kinds() -> None:
    keys = (H.number(2), H.number(0.5), H.number(-0.0), H.number(1e300), H.string(b"2"), H.ints(5, 0), H.ints(5, 1))
    value = read(H.table(1, *(part for key in keys for part in (key, H.ints(0)))))
    assert list(value) == [2, 0.5, 0, 1e300, "2", BooleanKey(False), True]
    assert [type(key) for key in value] == [int, float, int, float, str, BooleanKey, bool]


def test_strings_that_are_no_utf_8_survive() -> None:
    assert read(H.string(b"gr\xfc\xdfe")).encode("utf-8", "surrogateescape") == b"gr\xfc\xdfe"
    assert read(H.string("grüße".encode())) == "grüße"


def test_an_axis_of_one_may_have_any_stride() -> None:
    assert read(H.tensor(1, H.storage(2), [1, 6], [1 << 40, 1])).shape == (1, 6)


def test_the_ascii_form_takes_blanks_as_newlines() -> None:
    assert read(b"3 1 2 1 1 2 3\nabc\n1 2 1 -2.5e-1 \n\n") == {1: "abc", 2: -0.25}
    assert read(b"\n5\n1\n") is True
    assert np.isnan(read(b"1\n-nan\n"))
    assert read(b"2\n0\n") == ""


def test_nil_may_be_all() -> None:
    assert read(H.ints(0)) is None
    assert read(b"0\n") is None


def test_a_file_may_be_named_in_any_way(tmp_path: Path) -> None:
    path = tmp_path / "value.t7"
    path.write_bytes(H.number(2))
    assert read(path) == read(str(path)) == read(path.read_bytes()) == 2
