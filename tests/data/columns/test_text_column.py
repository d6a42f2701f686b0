"""Free text: which columns are, what the words are, and what the network gets of them."""

from __future__ import annotations

import json
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest

from nntrain.data.columns.column_types import explain_uselessness, fit_column, restore_column
from nntrain.data.columns.free_text import count_words, is_free_text
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import MAX_FEATURES_PER_ROW, TextColumn, hash_words, split_words
from nntrain.data.loading import load_data
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.table_preprocessor import TablePreprocessor
from nntrain.data.tables.raw_column import RawColumn
from tests import text_sets


def text(*values: str | None) -> RawColumn:
    return RawColumn("c", "text", np.array(values, dtype=object))


def crc32(data: bytes) -> int:
    """The CRC of ISO 3309, bit by bit."""
    remainder = 0xFFFFFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0xEDB88320 if remainder & 1 else 0)
    return remainder ^ 0xFFFFFFFF


def hash_of(feature: str) -> int:
    return 2 * (crc32(feature.encode()) % 2**21) + (" " in feature)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Don't PANIC!", ["don't", "panic"]),
        ("Don\u2019t 'quote' rock'n'roll, dogs' end", ["don't", "quote", "rock'n'roll", "dogs", "end"]),
        ("snake_case a-b 3.5kg", ["snake", "case", "a", "b", "3", "5kg"]),
        ("Stra\u00dfe CAFE\u0301 \ufb01n", ["strasse", "caf\u00e9", "fin"]),
        ("\u0425\u043e\u0440\u043e\u0448\u043e!", ["\u0445\u043e\u0440\u043e\u0448\u043e"]),
        ("\u5f88\u597d no3 \u30ab\u30ca", ["\u5f88", "\u597d", "no3", "\u30ab", "\u30ca"]),
        (" ... ", []),
        ("", []),
    ],
)
def test_words_are_letters_and_digits_without_regard_to_case(given: str, words: list[str]) -> None:
    assert split_words(given) == words


def test_a_hash_is_the_crc_of_a_word_or_of_a_pair() -> None:
    assert crc32(b"123456789") == 0xCBF43926  # the check value of the catalogue of CRCs
    rows, hashes = hash_words(["Not good, NOT", None, "123456789"])
    assert rows.tolist() == [0, 0, 0, 0, 0, 2]
    assert hashes.tolist() == [*map(hash_of, ["not", "good", "not", "not good", "good not"]), 2 * (0xCBF43926 % 2**21)]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("the room was clean", 4),
        ("The room wasn't clean, sadly.", 4.5),
        ("John Smith", 1),
        ("12 Main Street, Springfield 62704", -0.5),
        ("me@example.com or https://example.com/a", 1),
        ("26 Apr 2021", -1.5),
        ("- ... !", 0),
    ],
)
def test_capitals_count_half_and_numbers_against(given: str, count: float) -> None:
    assert count_words(given) == count


SENTENCES = [f"the {thing} we had was {how}" for thing in ("soup", "room", "bed", "view", "bill") for how in "abcdef"]
NAMES = [f"{last}, Mr. {first} {middle}" for last in ("Reed", "Cole") for first in "ABCD" for middle in "EFGH"]
STREETS = [f"{number} North Main Street, Springfield, OH 45501" for number in range(30)]
LABELS = ["a very good one", "not such a good one", "a very bad one"] * 10


@pytest.mark.parametrize(
    ("values", "prose"),
    [
        (SENTENCES, True),
        ([sentence.title() for sentence in SENTENCES], True),
        ([*SENTENCES, None, None], True),
        (SENTENCES[:19], False),
        (NAMES, False),
        (STREETS, False),
        (LABELS, False),
        ([f"user{number}@mail.com" for number in range(30)], False),
        ([f"https://host/page/{name}.html" for name in range(30)], False),
        ([f"item {number}" for number in range(30)], False),
    ],
)
def test_free_text_has_several_words_and_is_mostly_different(values: list[str | None], prose: bool) -> None:
    assert is_free_text(text(*values)) is prose


def test_a_column_of_names_is_excluded_and_the_note_has_the_key_for_text() -> None:
    reason = explain_uselessness(text(*NAMES), ColumnOptions())
    assert reason is not None
    assert reason.endswith("""keep it with --set 'data.columns.c.type="text"'""")
    assert explain_uselessness(text(*SENTENCES), ColumnOptions()) is None


def test_a_declared_type_decides() -> None:
    assert isinstance(fit_column(text(*SENTENCES), ColumnOptions(), 5), TextColumn)
    assert isinstance(fit_column(text(*LABELS), ColumnOptions("text"), 5), TextColumn)
    assert isinstance(fit_column(text(*SENTENCES), ColumnOptions("category"), 5), IndexColumn)
    assert isinstance(fit_column(text(*SENTENCES), ColumnOptions(encoding="index"), 5), IndexColumn)


def test_words_of_two_rows_and_pairs_of_four_have_codes() -> None:
    column = TextColumn.fit(text("not good", "not good", "not good food", "not good food food", "alone alone", None))
    known = {"not": 4, "good": 4, "food": 2, "not good": 4}
    assert column.hashes == sorted(map(hash_of, known))
    assert dict(zip(column.hashes, column.counts, strict=True)) == {hash_of(word): n for word, n in known.items()}
    assert column.rows == 6
    assert column.longest == 4


def test_the_limit_keeps_the_most_frequent() -> None:
    column = TextColumn.fit(text("a b", "a c", "a b", "c", "d", "d a"), limit=2)
    assert column.hashes == sorted([hash_of("a"), min(map(hash_of, "bcd"))])


def test_values_are_those_of_the_formula() -> None:
    training = ["not good", "not good", "not good food", "not good food food", "alone", None]
    column = TextColumn.fit(text(*training))
    (row,) = column.encode(text("Food, food and NOT good never"))

    def v(times: int, count: int) -> float:
        return times * (1 + log(7 / (1 + count))) ** 0.75

    norm = sqrt(v(2, 2) ** 2 + 2 * v(1, 4) ** 2)
    expected = {"food": v(2, 2), "not": v(1, 4), "good": v(1, 4), "not good": v(1, 4)}
    codes = {column.hashes.index(hash_of(word)): 20 * value / norm for word, value in expected.items()}
    found = {int(code): value for code, value in row.tolist() if value}
    assert found == pytest.approx(codes, rel=1e-6)
    assert row.dtype == np.float32
    assert row[0, 0] == column.hashes.index(hash_of("food"))


def test_a_text_without_known_words_and_a_missing_one_are_empty() -> None:
    column = TextColumn.fit(text("a b", "a b"))
    np.testing.assert_array_equal(column.encode(text(None, "", "never seen")), np.zeros((3, 2, 2)))


def test_a_longer_text_keeps_its_largest_values() -> None:
    column = TextColumn.fit(text(*["common rare"] * 2, *["common"] * 50))
    assert column.longest == 2
    column = TextColumn.fit(text(*["common rare"] * 2, *["common"] * 300))
    assert column.longest == 1  # two rows of 302 are less than a hundredth
    (row,) = column.encode(text("common rare"))
    assert row[:, 0].tolist() == [column.hashes.index(hash_of("rare"))]
    words = " ".join(f"word{number}" for number in range(MAX_FEATURES_PER_ROW + 50))
    assert TextColumn.fit(text(words, words)).encode(text(words)).shape == (1, MAX_FEATURES_PER_ROW, 2)


def test_rows_are_encoded_alike_alone_and_together() -> None:
    rows = [row for row, _ in text_sets.reviews(300, seed=4)]
    column = TextColumn.fit(text(*rows))
    together = column.encode(text(*rows))
    alone = np.concatenate([column.encode(text(row)) for row in rows])
    np.testing.assert_array_equal(together, alone)
    restored = restore_column(json.loads(json.dumps(column.state())))
    np.testing.assert_array_equal(restored.encode(text(*rows)), together)


def test_words_of_validation_and_test_rows_have_no_codes(tmp_path: Path) -> None:
    rows = [f"the {'train' if row < 60 else 'held'} words are here now" + " again" * (row % 7) for row in range(100)]
    lines = [f"{words} {row}x,{'ab'[row % 2]},{'train' if row < 60 else 'test'}" for row, words in enumerate(rows)]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["words,y,set", *lines]) + "\n")
    columns = {"words": ColumnOptions("text")}
    found = load_data(DataOptions(str(path), target="y", split="column", split_column="set", columns=columns), seed=1)
    assert isinstance(found.preprocessor, TablePreprocessor)
    (column,) = found.preprocessor.columns
    assert isinstance(column, TextColumn)
    assert column.rows == 60
    words = ("the", "train", "words", "are", "here", "now", "again")
    pairs = ("the train", "train words", "words are", "are here", "here now", "now again", "again again")
    assert column.hashes == sorted(map(hash_of, (*words, *pairs)))
    assert "column 'words' is free text: 14 of its words and word pairs are inputs" in found.notes


def test_streamed_text_is_that_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nntrain.data.streaming.streamed_table.STEP_ROWS", 32)
    monkeypatch.setattr("nntrain.data.streaming.streamed_table.CHUNK_CELLS", 100)
    path = text_sets.write(tmp_path / "rows.csv", text_sets.reviews(400, seed=8))
    given = {"path": str(path), "target": "y", "cache": str(tmp_path), "split": "column", "split_column": "set"}
    whole, pieces = (load_data(DataOptions(**given, stream=stream), seed=1) for stream in (False, True))
    assert whole.preprocessor.state() == pieces.preprocessor.state()
    for one, other in ((whole.train, pieces.train), (whole.test, pieces.test)):
        assert one is not None
        assert other is not None
        assert len(one.inputs) == len(other.inputs) == 1
        np.testing.assert_array_equal(one.inputs[0], other.inputs[0][...])
