"""What is wrong in a file is told in one line: the file, the byte, the place in the object, what."""

from __future__ import annotations

from pathlib import Path

import pytest

from nntrain.errors import CheckpointError
from nntrain_torch7.format import read
from tests.torch7.by_hand import Hand

H = Hand()
NIL = H.ints(0)
TORCH_DOUBLES = H.storage(2)


def entry(value: bytes, key: bytes | None = None) -> bytes:
    return H.table(9, key or H.string(b"weight"), value)


CASES = {
    "nothing": (b"", "not a .t7 file"),
    "something else": (b"\x89HDF\r\n\x1a\n", "not a .t7 file"),
    "text": (b"hello", "not a .t7 file"),
    "an unknown type": (entry(H.ints(9)), "byte 30: weight: expected an object type from 0 to 8, got 9"),
    "a negative type": (entry(H.ints(-1)), "expected an object type from 0 to 8, got -1"),
    "bytes after the object": (NIL + b"\0", "1 bytes follow the object"),
    "a cut number": (entry(H.number(1)[:-1]), "weight: expected 1 values of 8 bytes, 7 bytes remain"),
    "a long string": (H.ints(2, 1 << 30), "expected 1073741824 bytes, 0 remain"),
    "a negative string": (H.ints(2, -1), "expected -1 bytes"),
    "a table of many entries": (H.ints(3, 1, 1 << 30), "a table of 1073741824 entries, 0 bytes remain"),
    "a table of a negative count": (H.ints(3, 1, -1), "a table of -1 entries"),
    "a boolean of 2": (entry(H.ints(5, 2)), "weight: expected a boolean 0 or 1, got 2"),
    "the key nil": (entry(NIL, NIL), "a table with a key of type 0"),
    "the key nan": (entry(NIL, H.number(float("nan"))), "a table with the key nan"),
    "a key of an unknown type": (entry(NIL, H.ints(9)), "key: expected an object type from 0 to 8, got 9"),
    "a table as key that is cut": (
        entry(NIL, H.table(2, H.number(1), H.number(1)))[:-8],
        "key[1]: expected 1 values of 8 bytes",
    ),
    "a table as key twice": (H.table(1, H.table(2), NIL, H.ints(3, 2), NIL), "two entries of the key <table>"),
    "a hash of many entries": (H.thing(1, b"tds.Hash", H.longs(1 << 40)), "a table of 1099511627776 entries"),
    "a vector of many values": (H.thing(1, b"tds.Vec", H.longs(1 << 40)), "a vector of 1099511627776 values"),
    "a vector of less than none": (H.thing(1, b"tds.Vec", H.longs(-1)), "a vector of -1 values"),
    "a vector with a bad value": (H.thing(1, b"tds.Vec", H.longs(2), NIL, H.ints(9)), "[2]: expected an object type"),
    "a key twice": (H.table(1, *(H.number(1), NIL) * 2), "two entries of the key 1"),
    "true twice": (H.table(1, H.number(1), NIL, *(H.ints(5, 1), NIL) * 2), "two entries of the key BooleanKey"),
    "a bad version": (H.thing(1, b"nn.A", version=b"V x"), "'V x' is not a version"),
    "a storage of many": (entry(H.thing(1, b"torch.IntStorage", H.longs(1 << 61))), "2305843009213693952 values of 4"),
    "a storage of less than none": (H.thing(1, b"torch.IntStorage", H.longs(-1)), "-1 values of 4 bytes"),
    "many axes": (H.thing(1, b"torch.IntTensor", H.ints(1 << 30)), "expected a tensor of 0 to 64 axes, got 1073741824"),
    "too many axes": (H.thing(1, b"torch.IntTensor", H.ints(65)), "expected a tensor of 0 to 64 axes, got 65"),
    "less than no axes": (H.thing(1, b"torch.IntTensor", H.ints(-1)), "expected a tensor of 0 to 64 axes, got -1"),
    "a size beyond the storage": (entry(H.tensor(1, TORCH_DOUBLES, [2, 4])), "weight: a tensor of the sizes [2, 4]"),
    "a stride beyond the storage": (H.tensor(1, TORCH_DOUBLES, [2, 3], [4, 1]), "exceeds its storage of 6"),
    "an offset beyond the storage": (H.tensor(1, TORCH_DOUBLES, offset=2), "offset 2 exceeds"),
    "offset 0": (H.tensor(1, TORCH_DOUBLES, offset=0), "offset 0 exceeds"),
    "the emptiest beyond the storage": (H.tensor(1, TORCH_DOUBLES, (), (), 8), "offset 8 exceeds"),
    "a negative size": (H.tensor(1, TORCH_DOUBLES, [-1, 3]), "a tensor of the sizes [-1, 3]"),
    "a negative stride": (H.tensor(1, TORCH_DOUBLES, [2, 3], [-3, 1]), "strides [-3, 1]"),
    "a giant stride": (H.tensor(1, TORCH_DOUBLES, [1, 3], [1 << 62, 1]), "strides [4611686018427387904, 1]"),
    "an expanded giant": (H.tensor(1, TORCH_DOUBLES, [1 << 20, 1 << 20], [0, 0]), "more than 2147483648 elements"),
    "an empty giant": (H.tensor(1, TORCH_DOUBLES, [0, 1 << 62], [0, 0]), "more than 2147483648 elements"),
    "no storage": (H.tensor(1, NIL), "expected a storage of float64 for a tensor of float64, got none"),
    "another storage": (H.tensor(1, H.storage(2, "Float")), "for a tensor of float64, got float32"),
    "a table as storage": (H.tensor(1, H.table(2)), "expected a storage of float64 for a tensor of float64, got none"),
    "a tensor on itself": (H.tensor(1, H.ints(4, 1)), "storage: object 1 contains itself"),
    "an index of another type": (H.table(1, H.string(b"a"), H.ints(4, 1)), "a: object 1 occurs with another type"),
    "a letter for a number": (b"3\n1\n1\n1\n1\n1\nx\n", "[1]: the 1 numbers before this byte are not all of type"),
    "a number that is none": (b"1\n1_0\n", "the 1 numbers before this byte"),
    "a number without an end": (b"1\n10", "expected a number and whitespace"),
    "an int that is none": (b"2\n1.5\n", "'1.5' is not an integer of 32 bits"),
    "an int that is too large": (b"2\n2147483648\n", "is not an integer of 32 bits"),
    "a long that is too large": (b"4 1 3\nV 1\n17\ntorch.LongStorage\n9223372036854775808\n", "of 64 bits"),
    "an element that is too large": (b"4 1 3\nV 1\n16\ntorch.IntStorage\n1\n2147483648\n", "of type int32"),
    "a float that is too large": (b"4 1 3\nV 1\n18\ntorch.FloatStorage\n1\n1e300\n", "of type float32"),
    "too few elements": (b"4 1 3\nV 1\n16\ntorch.IntStorage\n3\n1 2    \n", "expected more numbers"),
    "far too few elements": (b"4 1 3\nV 1\n16\ntorch.IntStorage\n3000\n1 2\n", "expected 3000 numbers"),
    "text after the object": (b"0\nx\n", "1 bytes follow the object"),
    "bytes that are cut": (b"4 1 3\nV 1\n17\ntorch.ByteStorage\n3\nab", "expected 3 bytes, 2 remain"),
    "an int without end": (b"1" * 5000, "expected a number and whitespace"),
}


@pytest.mark.parametrize(("data", "told"), CASES.values(), ids=CASES)
def test_damage_is_reported_in_one_line(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "model.t7"
    path.write_bytes(data)
    with pytest.raises(CheckpointError) as caught:
        read(path)
    text = str(caught.value)
    assert told in text
    assert text.startswith(f"{path}: ")
    assert "\n" not in text


def test_the_way_to_the_damage_is_reported() -> None:
    broken = H.thing(4, b"nn.Linear", H.table(5, H.string(b"weight"), H.tensor(6, H.storage(7), offset=5)))
    modules = H.table(3, H.number(1), broken)
    data = H.thing(1, b"nn.Sequential", H.table(2, H.string(b"modules"), modules))
    with pytest.raises(CheckpointError, match=r"byte \d+: modules\[1\].weight: a tensor of the sizes \[2, 3\]"):
        read(data)


def test_keys_are_reported_so_that_they_can_be_printed() -> None:
    data = H.table(1, H.string(b"two\nlines\xff" + b"x" * 1000), H.table(2, H.ints(5, 1), H.ints(9)))
    with pytest.raises(CheckpointError) as caught:
        read(data)
    assert len(str(caught.value)) < 250
    assert str(caught.value).isascii()
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"model.t7: cannot be read: No such file"):
        read(tmp_path / "model.t7")
    with pytest.raises(CheckpointError, match="cannot be read"):
        read(tmp_path)
