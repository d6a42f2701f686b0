"""Control and invisible characters are spelled out, and all other text stays as it is."""

from __future__ import annotations

import unicodedata

import pytest

from nntrain.formatting import escape_line, escape_text, shorten

SPELLED = {
    "\x1b[31m": r"\x1b[31m",
    "a\nb": r"a\nb",
    "a\r\tb": r"a\r\tb",
    "\x00\x07\x7f": r"\x00\x07\x7f",
    "\x9b2J": r"\x9b2J",
    "\x85": r"\x85",
    "pay\u202elap\u2066": r"pay\u202elap\u2066",
    "\u200e\u200f\u061c": r"\u200e\u200f\u061c",
    "a\u200bb": r"a\u200bb",
    "spe\u200dcies": r"spe\u200dcies",
    "\u4e2d\u200d\u6587": r"中\u200d文",
    "\u2028\u2029": r"\u2028\u2029",
    "\ufeffx": r"\ufeffx",
    "\ufff9\ufffa\ufffb": r"\ufff9\ufffa\ufffb",
    "\U000e0041\U000e007f": r"\U000e0041\U000e007f",
    "\udcff.csv": r"\xff.csv",
    "soft\xadware": r"soft\xadware",
}


@pytest.mark.parametrize(("text", "shown"), SPELLED.items(), ids=map(ascii, SPELLED))
def test_what_acts_or_hides_is_spelled_out(text: str, shown: str) -> None:
    assert escape_line(text) == shown
    assert escape_line(shown) == shown, "twice is once"


@pytest.mark.parametrize(
    "text",
    [
        "Iris-setosa",
        "C:\\new\\table",
        "größer, naïve, 100 €",
        "中文，日本語　한국어",
        "العربية עברית",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, "I want": a non-joiner inside the word
        "\u0d28\u0d4d\u200d",  # Malayalam, a chillu: a joiner at the end
        "\U0001f469\u200d\U0001f4bb and \u2764\ufe0f\u200d\U0001f525",  # emoji
        "x\u0302 + y\u2032 → √2",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert escape_line(text) == text


def test_every_character_that_unicode_calls_a_control_is_spelled_out() -> None:
    controls = {"Cc", "Cs", "Zl", "Zp"}
    every = map(chr, range(0x110000))
    assert not [ascii(one) for one in every if unicodedata.category(one) in controls and escape_line(one) == one]


def test_every_character_of_format_is_spelled_out_but_those_that_scripts_write() -> None:
    # Signs that Arabic, Syriac, Kaithi and others print before numbers; Egyptian and shorthand layout.
    written = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND"}
    kept = {
        unicodedata.name(one).split()[0]
        for one in map(chr, range(0x110000))
        if unicodedata.category(one) == "Cf" and escape_line(one) == one
    }
    assert kept <= written


def test_line_ends_stay_between_lines() -> None:
    assert escape_text("a\x1b\nb\r\n\n") == "a\\x1b\nb\\r\n\n"


def test_a_long_text_loses_its_middle() -> None:
    text = "x" * 3000 + "; the advice"
    short = shorten(text, 100)
    assert len(short) <= 100
    assert short.startswith("xxx")
    assert short.endswith("; the advice")
    assert "2,912 more characters" in short
    assert shorten("x" * 100, 100) == "x" * 100
