"""The text of a cell becomes a number: sign, separators, exponent and unit.

Columns of numbers as Python writes them are left to DuckDB: ``readers/csv/csv_numbers.py`` for files in memory, and
``streaming/disk_table.py``.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from nntrain.compute.array import Array

# Maximum number of cached bodies: as many as a file has numbers would fill the memory.
MAX_CACHED_BODIES = 2**12

# (decimal, thousands): the separators of the fraction and of groups of three digits; empty: no groups.
Separators = tuple[str, str]
SEPARATORS: tuple[Separators, ...] = (
    *((".", ""), (",", "")),
    *((".", ","), (",", ".")),
    *((".", " "), (",", " "), (".", "'"), (",", "'")),
)

# The characters that are typed for a minus sign, besides the hyphen.
DASHES = "\N{MINUS SIGN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{SMALL HYPHEN-MINUS}\N{FULLWIDTH HYPHEN-MINUS}"
SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"

CURRENCIES = "$€£¥₹₽₩₺₫₪₴฿¢"
CURRENCY_CODES = "USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|BRL|Rs\\.?|US\\$|A\\$|C\\$|R\\$|kr\\.?|zł"

# Units that may follow a number without a space. A single letter is not one: 12A is a name.
UNITS = (
    "%|‰|‱|°|º|°C|°F|°K|ºC|ºF|℃|℉|″|′|µm|μm|nm|mm|cm|dm|km|m²|m³|km²|cm²|cm³|ft²|ft|mi|yd|inch|km/h|kmh|kph|mph|m/s|"
    "mg|µg|μg|kg|lbs|lb|oz|ml|mL|cl|dl|ms|µs|μs|ns|min|mins|sec|secs|hr|hrs|Hz|kHz|MHz|GHz|kB|KB|MB|GB|TB|kb|"
    "Mb|Gb|kW|MW|kWh|MWh|Wh|kJ|kcal|cal|kPa|hPa|Pa|bar|mbar|psi|mV|kV|mA|px|pt|dB|bpm|rpm|ppm|ppb|pct|USD|EUR|GBP|"
    "mmHg|mg/dL|mmol/L|g/L|mg/L|kg/m²|kg/m³|g/cm³"
)
WORD_PATTERN = r"[^\W\d_][^\W\d]{0,15}(?:/[^\W\d_]{1,6})?[²³]?"
GROUPING = f".,{APOSTROPHES}{SPACES}"

NUMBER_PATTERN = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+{DASHES}]?)[{SPACES}]?(?P<prefix>(?:[{CURRENCIES}]|(?:{CURRENCY_CODES}))[{SPACES}]?)?"
    rf"(?P<inner>[-+{DASHES}]?)(?P<body>[0-9](?:[0-9{GROUPING}]*[0-9])?[.,]?|[.,][0-9]+)(?P<exponent>[eE][-+{DASHES}]?[0-9]+)?"
    rf"(?P<suffix>[{SPACES}]?(?:{UNITS}|[{CURRENCIES}])|[{SPACES}](?:{WORD_PATTERN}|[{CURRENCIES}]))?(?P<close>\))?"
)
FORMULA_PATTERN = re.compile(r'="([^"]*)"')

DIGIT_PATTERN = re.compile("[0-9]")
DIGITS_TO_ONES = str.maketrans("023456789", "111111111")
DASHES_TO_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-"))


@dataclass(frozen=True)
class NumberParts:
    """The parts of a written number: ``negative``, the digits with their separators, exponent, unit."""

    negative: bool
    body: str
    exponent: str
    prefix: str
    suffix: str

    @property
    def unit(self) -> tuple[str, str]:
        """The text before and after the number."""
        return self.prefix, self.suffix


def unwrap_formula(text: str) -> str:
    """Remove the characters with which a spreadsheet protects a number from conversion: ="8" and '8."""
    found = FORMULA_PATTERN.fullmatch(text)
    if found:
        return found[1].strip()
    return text[1:].lstrip() if text[:1] == "'" else text


def split_number(text: str) -> NumberParts | None:
    """Split a number with an optional unit into its parts; None for other texts."""
    found = NUMBER_PATTERN.fullmatch(unwrap_formula(text))
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["sign"] and found["inner"]):
        return None
    if found["open"] and (found["sign"] or found["inner"]):
        return None
    sign = found["sign"] or found["inner"]
    # In accounting, (5) is -5.
    negative = bool(found["open"]) or (sign != "" and sign != "+")
    prefix, suffix = (found["prefix"] or "").strip(), (found["suffix"] or "").strip()
    return NumberParts(negative, found["body"], (found["exponent"] or "").translate(DASHES_TO_HYPHENS), prefix, suffix)


def get_shape(text: str) -> str:
    """Return the text with every digit as 1, except a leading 0: texts of one shape have the same formats."""
    shape = text.translate(DIGITS_TO_ONES)
    head = DIGIT_PATTERN.search(text)
    return shape if head is None or head[0] != "0" else f"{shape[: head.start()]}0{shape[head.start() + 1 :]}"


@lru_cache(MAX_CACHED_BODIES)
def find_separators(body: str) -> frozenset[Separators]:
    """Return the separators with which the body of a number is one."""
    return frozenset(convention for convention in SEPARATORS if build_number_pattern(convention).fullmatch(body))


@cache
def build_number_pattern(convention: Separators) -> re.Pattern[str]:
    """Build the pattern of digits, optionally in groups of three, and a fraction.

    The first group has no leading 0. With commas, the Indian groups of two before the last three match as well.
    Source: Unicode CLDR, number patterns.
    """
    decimal, thousands = convention
    fraction = rf"(?:[{decimal}][0-9]*)?"
    plain = rf"[0-9]+{fraction}|[{decimal}][0-9]+"
    if not thousands:
        return re.compile(plain)
    separator = {" ": SPACES, "'": APOSTROPHES}.get(thousands, thousands)
    groups = rf"[1-9][0-9]{{0,2}}([{separator}])[0-9]{{3}}(?:\1[0-9]{{3}})*"
    indian = rf"|[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}}{fraction}" if thousands == "," else ""
    return re.compile(rf"{plain}|{groups}{fraction}{indian}")


@cache
def build_plain_pattern(decimal: str) -> re.Pattern[str]:
    """Build the pattern of Python's numbers with this decimal separator."""
    return re.compile(rf"[+-]?(?:[0-9]+[{decimal}]?[0-9]*|[{decimal}][0-9]+)(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class NumberFormat:
    """The format of numbers with these separators and this unit."""

    decimal: str = "."
    thousands: str = ""
    prefix: str = ""
    suffix: str = ""

    def parse(self, text: str) -> float:
        """Return the number; NaN for a text of another format and for a number out of the range of float64."""
        if not self.prefix and not self.suffix and build_plain_pattern(self.decimal).fullmatch(text):
            return replace_infinite(float(text.replace(self.decimal, ".")))
        written = split_number(text)
        if written is None or written.unit != (self.prefix, self.suffix):
            return math.nan
        if not build_number_pattern((self.decimal, self.thousands)).fullmatch(written.body):
            return math.nan
        digits = "".join(char for char in written.body if char.isdigit() or char == self.decimal)
        number = replace_infinite(float(digits.replace(self.decimal, ".") + written.exponent))
        return -number if written.negative else number

    def parse_all(self, texts: Iterable[str]) -> Array:
        """Apply ``parse`` to each text: float64 (n,)."""
        return np.fromiter(map(self.parse, texts), np.float64)

    @property
    def is_plain(self) -> bool:
        """Whether it is the format of Python, C and JSON."""
        return self == NumberFormat()


def parse_float(text: str) -> float | None:
    """Return the number as Python reads it; None for other texts."""
    try:
        return float(text)
    except ValueError:
        return None


def replace_infinite(number: float) -> float:
    """Return NaN for an infinite number, else the number."""
    return number if math.isfinite(number) else math.nan


def find_meanings(conventions: Iterable[Separators], bodies: Iterable[str]) -> Mapping[tuple[str, str], Separators]:
    """Return the meanings of . and , ("decimal", "thousands" or "") in each convention, if they occur in ``bodies``.

    The first of several conventions with the same meanings is kept.
    """
    bodies = list(bodies)
    occurring = [mark for mark in ".," if any(mark in body for body in bodies)]
    found: dict[tuple[str, str], Separators] = {}
    for decimal, thousands in conventions:
        roles = {decimal: "decimal", thousands: "thousands"}
        dot, comma = (roles.get(mark, "") if mark in occurring else "" for mark in ".,")
        found.setdefault((dot, comma), (decimal, thousands))
    return found
