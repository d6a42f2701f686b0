"""Numbers in the formats that people and programs write them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.fuzz.column import Cell

__all__ = ["NUMBERS", "SURPRISES", "WHOLE", "NumberStyle", "numbers", "proofs", "surprised"]

MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


@dataclass(frozen=True)
class NumberStyle:
    """How a number is written: its separators, and what is put around it.

    ``dress`` makes the cell of the sign, "" or "-", and the digits with their separators. ``unit``: numbers of
    different units do not go into one column. ``places``: how many decimals there may be.
    """

    name: str
    decimal: str = "."
    thousands: str = ""
    places: tuple[int, ...] = (0, 1, 2, 3, 5)
    dress: Callable[[str, str], str] = lambda sign, digits: sign + digits
    unit: str = ""
    signs: tuple[str, ...] = ("", "", "", "-")
    indian: bool = False
    largest: int = 9
    exponents: tuple[str, ...] = ("",)


def around(before: str, after: str) -> Callable[[str, str], str]:
    """The sign, and text around the digits."""
    return lambda sign, digits: f"{sign}{before}{digits}{after}"


def inside(before: str) -> Callable[[str, str], str]:
    """The sign after the text before the digits."""
    return lambda sign, digits: f"{before}{sign}{digits}"


WHOLE = (0,)

# Separators by name; every column of them has a number that only they can have, unless it is made thin on purpose.
PLAIN = (
    NumberStyle("integers", places=WHOLE),
    NumberStyle("floats"),
    NumberStyle("long floats", places=(9, 12, 15)),
    NumberStyle("decimal commas", decimal=","),
    NumberStyle("grouped by commas", thousands=","),
    NumberStyle("grouped by commas, whole", thousands=",", places=WHOLE),
    NumberStyle("grouped by points", decimal=",", thousands="."),
    NumberStyle("grouped by points, whole", decimal=",", thousands=".", places=WHOLE),
    NumberStyle("grouped by spaces", thousands=" "),
    NumberStyle("grouped by spaces, decimal commas", decimal=",", thousands=" "),
    NumberStyle("grouped by no-break spaces", decimal=",", thousands=NO_BREAK),
    NumberStyle("grouped by narrow spaces", decimal=",", thousands=NARROW),
    NumberStyle("grouped by apostrophes", thousands="'"),
    NumberStyle("grouped by typographic apostrophes", thousands=APOSTROPHE),
    NumberStyle("grouped the Indian way", thousands=",", indian=True),
    NumberStyle("exponents", exponents=("e3", "e-05", "E+10", "e0")),
    NumberStyle("some exponents", exponents=("", "", "E-2"), decimal=","),
    NumberStyle("with a plus", signs=("+", "-")),
    NumberStyle("with a minus sign", dress=lambda sign, digits: sign.replace("-", MINUS) + digits),
    NumberStyle("minus at the end", dress=lambda sign, digits: digits + sign),
    NumberStyle("in parentheses", dress=lambda sign, digits: f"({digits})" if sign else digits),
    NumberStyle("formulas", dress=lambda sign, digits: f'="{sign}{digits}"'),
    NumberStyle("after an apostrophe", dress=lambda sign, digits: f"'{sign}{digits}"),
)

DRESSED = (
    NumberStyle("dollars", thousands=",", places=(2,), dress=around("$", ""), unit="$"),
    NumberStyle("dollars, sign inside", thousands=",", places=(2,), dress=inside("$"), unit="$"),
    NumberStyle("dollars in parentheses", dress=lambda s, d: f"(${d})" if s else f"${d}", unit="$"),
    NumberStyle("euros before", decimal=",", thousands=".", places=(2,), dress=around("€ ", ""), unit="€"),
    NumberStyle("euros behind", decimal=",", thousands=".", places=(2,), dress=around("", " €"), unit="€"),
    NumberStyle("pounds", thousands=",", places=(0, 2), dress=around("£", ""), unit="£"),
    NumberStyle("codes of currencies", thousands=",", places=(2,), dress=around("USD ", ""), unit="USD"),
    NumberStyle("percent", dress=around("", "%"), unit="%", largest=2),
    NumberStyle("percent, spaced", decimal=",", dress=around("", " %"), unit="%", largest=2),
    NumberStyle("kilograms", dress=around("", " kg"), unit="kg", largest=3),
    NumberStyle("degrees", dress=around("", "°C"), unit="°C", largest=2),
    NumberStyle("kilometers", places=WHOLE, dress=around("", "km"), unit="km", largest=4),
)

NUMBERS = {style.name: style for style in (*PLAIN, *DRESSED)}


# Integers that a double does not have.
LONG = ("9007199254740993", "-9007199254740995")

# Cells that may come late in a column of plain numbers, and what they mean; None where they are no plain number.
SURPRISES: dict[str, float | None] = {
    **dict.fromkeys((*LONG, "007", "00", "1_000", "0x1F", "1e400", "12 kg", "5%")),
    **dict.fromkeys(
        ("\N{ARABIC-INDIC DIGIT THREE}", "\N{FULLWIDTH DIGIT FIVE}", "\N{VULGAR FRACTION ONE HALF}", "1/2")
    ),
    **dict.fromkeys(("1 2", "1,2,3", "1.2.3", "1e", "e5", "5-", "--5", "5 5", "1:30", "2021-01-02", "true", "x")),
    f"{MINUS}8": -8.0,
    "(8)": -8.0,
    '="8"': 8.0,
    "'8": 8.0,
    "5.": 5.0,
    ".5": 0.5,
    "+7": 7.0,
    "-0": -0.0,
    "1E3": 1000.0,
    "1e-320": 1e-320,
    "123456789012345": 123456789012345.0,
    "0.1234567890123456789": 0.12345678901234568,
    "0.50": 0.5,
    "1,23": 1.23,
}


def surprised(random: Random, rows: int) -> tuple[list[Cell], bool]:
    """Plain numbers with one that is not, anywhere or at the end; and whether all of them are numbers."""
    style = NUMBERS[random.choice(("integers", "floats"))]
    cells = numbers(style, random, rows)
    text = random.choice(list(SURPRISES))
    # An id is exact or it is none; a measure is as near as a double comes.
    value = float(text) if style.name == "floats" and text in LONG else SURPRISES[text]
    for _ in range(random.choice((1, 1, 3))):
        place = random.choice((rows - 1, random.randrange(rows)))
        cells[place] = text, value
    return cells, value is not None


def numbers(style: NumberStyle, random: Random, rows: int, *, thin: bool = False) -> list[Cell]:
    """Cells of a style. ``thin``: all could be written in another one, as 1,234 could, so only the file can tell."""
    if thin:
        return [thin_cell(style, random) for _ in range(rows)]
    cells = [cell(style, random, canonical(style, random)) for _ in range(rows)]
    for place, proof in zip(random.sample(range(rows), 2), proofs(style, random), strict=False):
        cells[place] = proof
    return cells


def canonical(style: NumberStyle, random: Random) -> str:
    """The digits as Python has them, without a sign."""
    digits = str(random.randrange(10 ** random.randint(1, style.largest)))
    places = random.choice(style.places)
    return digits + (f".{random.randrange(10**places):0{places}d}" if places else "")


def proofs(style: NumberStyle, random: Random) -> list[Cell]:
    """Numbers that show the separators: one with two groups, and one with a fraction that is not three digits."""
    found = []
    if style.thousands:
        found.append(f"{random.randrange(1, 999)}{random.randrange(10**6):06d}")
    if style.places != WHOLE:
        found.append(f"{random.randrange(1, 999)}.{random.randrange(1, 9)}")
    return [cell(style, random, digits) for digits in found]


def thin_cell(style: NumberStyle, random: Random) -> Cell:
    """One group, or a fraction of three digits."""
    head, tail = random.randrange(1, 999), random.randrange(1000)
    whole = style.places == WHOLE
    return cell(style, random, f"{head}{tail:03d}" if whole else f"{head}.{tail:03d}")


def cell(style: NumberStyle, random: Random, digits: str) -> Cell:
    """A number in its dress, with what it means."""
    sign = random.choice(style.signs)
    whole, point, fraction = digits.partition(".")
    written = grouped(whole, style) + (style.decimal + fraction if point else "")
    exponent = random.choice(style.exponents)
    return style.dress(sign, written + exponent), float(sign.replace("+", "") + digits + exponent)


def grouped(whole: str, style: NumberStyle) -> str:
    """An integer in groups of three digits, or after the first three of two."""
    if not style.thousands or len(whole) < 4:
        return whole
    groups, rest = [whole[-3:]], whole[:-3]
    size = 2 if style.indian else 3
    while rest:
        groups.append(rest[-size:])
        rest = rest[:-size]
    return style.thousands.join(reversed(groups))
