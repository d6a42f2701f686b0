"""Labels, many of which look like numbers, dates, times or nothing; and booleans."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.fuzz.column import Cell

__all__ = ["BOOLEANS", "LABELS", "booleans", "labels", "unlike"]

# A few of them, each again and again, as classes are.
Make = Callable[[Random], str]


def few(*words: str) -> Make:
    """One of these."""
    return lambda random: random.choice(words)


LABELS: dict[str, Make] = {
    "words": few("red", "green", "dark blue", "Rot", "grün", "  padded  ", 'with "quotes"', "a, b", "x;y", "tab\tbed"),
    "numbers with words": lambda random: f"{random.randrange(1, 20)} {random.choice(('apples', 'pears', 'of 10'))}",
    "times with words": lambda random: f"{random.randrange(10, 24)}:00 {random.choice(('lunch', 'dinner', 'h?'))}",
    "dates with words": lambda random: f"2021-0{random.randrange(1, 9)}-11 {random.choice(('(est.)', 'late'))}",
    "scores": lambda random: f"{random.randrange(6)}:{random.randrange(6)}",
    "scores with hyphens": lambda random: f"{random.randrange(10)}-{random.randrange(10)}-{random.randrange(10)}",
    "fractions": lambda random: f"{random.randrange(1, 9)}/{random.randrange(2, 9)}",
    "ranges": lambda random: f"{random.randrange(0, 50, 10)}-{random.randrange(50, 90, 10)}",
    "versions": lambda random: f"{random.randrange(4)}.{random.randrange(12)}.{random.randrange(3)}",
    "sizes": few("2XL", "3XL", "12A", "12B", "4 1/2", "XL"),
    "leading zeros": lambda random: f"{random.randrange(1000):04d}",
    "leading zeros, some not": lambda random: random.choice(("007", "7", "07", "10", "0010")),
    "ids above 2⁵³": lambda random: str(2**53 + random.randrange(50)),
    "ids of 20 digits": lambda random: f"1234567890123456{random.randrange(40):04d}",
    "hexadecimal": lambda random: f"{random.randrange(16**6):06x}z",
    "hexadecimal with 0x": lambda random: f"0x{random.randrange(256):02X}",
    "addresses": lambda random: f"192.168.{random.randrange(9)}.{random.randrange(256)}",
    "phones": lambda random: f"555-{random.randrange(1000, 1100)}",
    "inequalities": lambda random: random.choice(("<", ">", "≤ ", "~")) + str(random.randrange(5)),
    "several units": lambda random: f"{random.randrange(1, 9)} {random.choice(('kg', 'lb'))}",
    "several currencies": lambda random: f"{random.choice('$€£')}{random.randrange(1, 9)}",
    "percent and not": lambda random: f"{random.randrange(1, 9)}{random.choice(('%', ''))}",
    "quarters": lambda random: f"Q{random.randrange(1, 5)} 20{random.randrange(10, 22)}",
    "weeks": lambda random: f"2021-W{random.randrange(1, 53):02d}",
    "days of no month": lambda random: f"2021-13-{random.randrange(1, 29):02d}",
    "days that are not": lambda random: f"2021-02-{random.randrange(29, 32)}",
    "a month that is not": lambda random: f"{random.randrange(13, 29)}/{random.randrange(13, 15)}/2021",
    "times with and without offsets": lambda random: (
        f"2021-03-{random.randrange(1, 28):02d}T10:00{random.choice(('Z', ''))}"
    ),
    "times and days": lambda random: random.choice(("10:30", "2021-03-04", "11:45", "2021-03-05")),
    "durations": lambda random: f"{random.randrange(30)}:{random.randrange(10, 60)}:00 h",
    "two lines": few("first\nsecond", "first\nthird", "one"),
    "hours of no day": lambda random: f"{random.randrange(25, 60)}:{random.randrange(10, 60)}:00",
    "names of nothing": few("None", "none", "unknown", "missing", "-", ".", "other", "Nan Madol"),
    "signs": few("+", "-", "++", "--", "+-"),
    "infinities and words": few("inf", "finite", "infinity", "low"),
    "years with words": few("1990s", "2000s", "1980s", "2010-"),
    "weekdays": few("Mon", "Tue", "Wed", "May", "Jun"),
    "clock words": few("AM", "PM", "noon", "12 noon"),
    "letters with numbers": lambda random: f"{random.choice('ABE')}{random.randrange(1, 30)}",
    "exponents without digits": few("1e", "e5", "2e", "E", "10e"),
}

BOOLEANS: dict[str, tuple[str, str]] = {
    "true and false": ("false", "true"),
    "True and False": ("False", "True"),
    "TRUE and FALSE": ("FALSE", "TRUE"),
    "yes and no": ("no", "yes"),
    "Y and N": ("N", "Y"),
    "t and f": ("f", "t"),
    "on and off": ("off", "on"),
}


def labels(name: str, random: Random, rows: int) -> list[Cell]:
    """Cells of a kind of labels; a label is its text without the spaces around it."""
    texts = [LABELS[name](random) for _ in range(rows)]
    return [(text, text.strip()) for text in texts]


def unlike(name: str, random: Random) -> list[Cell]:
    """Labels that differ in more than their digits, as far as there are any: 3 kg and 5 lb are no numbers in a unit.

    A zero is another digit than the rest: 007 and 7 are two labels.
    """
    by_shape = {re.sub("[1-9]+", "1", text): (text, label) for text, label in labels(name, random, 50)}
    return [by_shape[shape] for shape in sorted(by_shape)[:3]]


def booleans(name: str, random: Random, rows: int) -> list[Cell]:
    """Cells of two words."""
    return [(BOOLEANS[name][value], bool(value)) for value in (random.randrange(2) for _ in range(rows))]
