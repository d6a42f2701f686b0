"""Damages files: flipped, cut, inserted, moved bytes, numbers replaced by extremes, and structures that go on and on.

Not a test of itself: tests of readers take their files from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from struct import pack

INTS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 63, 64, 65, -1, -2, 255, 65536, 1 << 30, (1 << 31) - 1, -(1 << 31))
LONGS = (*INTS, 1 << 31, 1 << 32, 1 << 40, 1 << 60, (1 << 63) - 1, -(1 << 63), 1 << 61)
DOUBLES = (0.0, -0.0, 0.5, 1.0, float("nan"), float("inf"), float("-inf"), 1e308, 5e-324, 2.0**53)
TEXTS = (
    *(str(value).encode() for value in LONGS),
    *(b"nan", b"-inf", b"1e999", b"1e-999", b"0x10", b"1_0", b"", b"-", b".", b"e", b"V 1", b"\xff", b"\0", b"1.5"),
    *(b"9" * count for count in (19, 20, 40, 41, 5000)),
)
MOST_INSERTED = 64


def mutations(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """``count`` damaged versions of a file, always the same ones for a seed."""
    random = Random(seed)
    for _ in range(count):
        mutated = data
        for _ in range(random.choice((1, 1, 1, 2, 5))):
            mutated = random.choice(WAYS)(mutated, random)
        yield mutated


def bit(data: bytes, random: Random) -> bytes:
    """One bit the other way."""
    at = place(data, random)
    return data[:at] + bytes(value ^ 1 << random.randrange(8) for value in data[at : at + 1]) + data[at + 1 :]


def byte(data: bytes, random: Random) -> bytes:
    """Another byte."""
    return over(data, place(data, random), random.randbytes(1))


def cut(data: bytes, random: Random) -> bytes:
    """The file ends here."""
    return data[: place(data, random)]


def gap(data: bytes, random: Random) -> bytes:
    """Some bytes are lost."""
    at = place(data, random)
    return data[:at] + data[at + random.randint(1, MOST_INSERTED) :]


def insert(data: bytes, random: Random) -> bytes:
    """Some bytes too many."""
    at = place(data, random)
    return data[:at] + random.randbytes(random.randint(1, MOST_INSERTED)) + data[at:]


def repeat(data: bytes, random: Random) -> bytes:
    """A passage of the file stands in another place, too or instead."""
    start, at = place(data, random), place(data, random)
    passage = data[start : start + random.randint(1, MOST_INSERTED)]
    return over(data, at, passage) if random.random() < 0.5 else data[:at] + passage + data[at:]


def number(data: bytes, random: Random) -> bytes:
    """An extreme int, long or double, often where an int could stand."""
    at = place(data, random) // 4 * 4 if random.random() < 0.5 else place(data, random)
    form, values = random.choice((("<i", INTS), ("<q", LONGS), ("<d", DOUBLES)))
    return over(data, at, pack(form, random.choice(values)))


def small(data: bytes, random: Random) -> bytes:
    """Another small int in the place of one, such as a type, an index, a count of axes."""
    starts = [at for at in range(len(data) - 3) if data[at] and not any(data[at + 1 : at + 4])]
    return over(data, random.choice(starts), pack("<i", random.choice(INTS))) if starts else data


def token(data: bytes, random: Random) -> bytes:
    """Another text in the place of one between blanks."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    words = lines[at].split(b" ")
    words[random.randrange(len(words))] = random.choice(TEXTS)
    return b"\n".join([*lines[:at], b" ".join(words), *lines[at + 1 :]])


def blank(data: bytes, random: Random) -> bytes:
    """More between two values than there should be, or something else."""
    at = place(data, random)
    return data[:at] + random.choice((b" ", b"\n", b"\n\n", b"\r\n", b" " * 100, b"\t")) + data[at:]


WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(bit, byte, cut, gap, insert, repeat, number, number, small, small, small, token, token, token, blank),
)


def place(data: bytes, random: Random) -> int:
    """Anywhere in the file, its beginning more often than its share."""
    return random.randrange(min(len(data), random.choice((100, 1000, len(data)))) + 1)


def over(data: bytes, at: int, new: bytes) -> bytes:
    """``new`` in the place of as many bytes."""
    return data[:at] + new + data[at + len(new) :]


def nested(depth: int, *, ascii: bool = False) -> bytes:  # noqa: A002
    """A table in a table in a table: none of them is wrong."""
    if ascii:
        return b"".join(b"3\n%d\n1\n5\n1\n" % index for index in range(1, depth + 1)) + b"0\n"
    return b"".join(pack("<5i", 3, index, 1, 5, 1) for index in range(1, depth + 1)) + pack("<i", 0)


def objects(depth: int) -> bytes:
    """An object whose fields are an object, and so on."""
    name = b"nn.A"
    head = pack("<i", 3) + b"V 1" + pack("<i", len(name)) + name
    return b"".join(pack("<2i", 4, index) + head for index in range(1, depth + 1)) + pack("<i", 0)


def references(count: int) -> bytes:
    """A table with nothing but itself in it, so many times."""
    entries = (pack("<id2i", 1, float(index), 3, 1) for index in range(count))
    return pack("<3i", 3, 1, count) + b"".join(entries)
