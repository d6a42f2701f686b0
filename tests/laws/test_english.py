"""Pages, messages, docstrings and comments avoid words that read as translated, and use American spelling."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.guide import DOCS, ROOT
from tests.laws.sources import files, tree

# Each pattern, with what to write.
PATTERNS = {
    r"(?<!there\s)(is|are|was|were) no(?! longer| more)": "negate the verb: is not a",
    r"tells?|told|telling": "print, report, show",
    r"says?|said|saying": "set, specify, print",
    r"hears?|heard|listens?|listeners?": "receive; callback, logger",
    r"l(ies?|ay|ying) (in|on|at|below|beside|behind|between|before)": "is in, is stored in",
    r"(stands?|stood) (in|for|on|there|beside|behind|between|before|at)": "is in, is listed in, is",
    r"begun|began": "started",
    r"(goes|go|going|gone|went) on": "continue; resume",
    r"(takes?|taken|took) (up|for)(?! \d)": "resume; treat as",
    r"anew": "again",
    r"likewise": "the same for",
    r"beside": "next to, in addition to",
    r"behind (its|a|the|them|each|every)": "after",
    r"so many|so much": "the number of",
    r"left alone|lets? alone": "uninterrupted; not changed",
    r"leaves? out|left out|leaving out": "omit, exclude, drop",
    r"(the same|equal) bits?|to the last bit": "bit-for-bit identical",
    r"gives? the answer away|giveaway": "leak the target",
    r"made to do harm|strangers?": "malicious; untrusted source",
    r"whatever|whoever|wherever|whichever": "name the thing",
    r"unless (given|said)|when absent": "default: ...; if omitted",
    r"obeys?|obeyed": "pass a check",
    r"wanted": "expected",
    r"mends?|mended": "fix",
    r"nntrain's own": "built-in",
    r"(whole|truth) (number|value)s?": "integer; boolean",
    r"(transfer|numeric) (function|slope)s?": "activation; numerical gradient",
    r"shares? of (the |all |a )?(rows|run|peak|loss|labels|classes|predictions)": "fraction of",
    r"damaged": "corrupt",
    r"as it were|as is so|be it|of its own accord": "be literal",
    r"\w+is(ation|ations)": "-ization",
    r"(standard|normal|minim|maxim|optim|initial|penal|regular|general|recogn|summar)is(e|es|ed|ing)": "-ize",
    r"learnt|spelt|centred?|centres|neighbours?|neighbouring|behaviours?|colours?|honours?|honoured": "US spelling",
    r"\w+n't|(it|that|there|let|what|here)'s|(you|we|they|I)'(re|ll|ve|d|m)|won't|can't": "no contractions",
}

# The line breaks of a text are spaces for all of these.
ANY = re.compile(r"(?<![\w'.`/-])(?:" + "|".join(PATTERNS).replace(" ", r"\s+") + r")(?![\w`/-])", re.IGNORECASE)

# Words that are meant, with the reason.
ALLOWED = {
    ("docs/data.md", "don't"): "the example of a word with an apostrophe",
}

GENERATED = {DOCS / "commands.md", DOCS / "config.md"}
PAGES = sorted({*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(DOCS / "guides").glob("*.md")} - GENERATED)
CODE = files("nntrain", "plugins")


def package(path: Path) -> str:
    """``nntrain/data``, ``plugins/nntrain_linear``; a module of nntrain itself is one too."""
    return "/".join(path.relative_to(ROOT).parts[:2])


def find(text: str, where: str) -> list[str]:
    """The words of a text that are not allowed, with their surroundings."""
    found = []
    for match in ANY.finditer(text):
        if (where, match[0].lower()) not in ALLOWED:
            found.append(" ".join(text[max(match.start() - 30, 0) : match.end() + 20].split()))
    return found


def read_prose(page: Path) -> str:
    """A page without its blocks and code, which are not English; blocks of the same length keep their place."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!-- python -m.*?<!-- end -->", "", text, flags=re.DOTALL)  # from docstrings
    text = re.sub(r"(?<=\n\n)(?: {4}.*\n(?:\n(?= {4}))?)+", "", text)
    return strip_code(text)


def strip_code(text: str) -> str:
    """A text in which code between backquotes is one word."""
    return re.sub(r"(`+)[^`]+\1", "``", text)


def read_texts(path: Path) -> Iterator[str]:
    """The strings and docstrings of a file that are sentences, and its blocks of comments."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield strip_code(node.value)
    source = path.read_text(encoding="utf-8")
    comments = (
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    )
    yield strip_code("\n".join(comment.lstrip("# ") for comment in comments))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_plain_english(page: Path) -> None:
    assert find(read_prose(page), str(page.relative_to(ROOT))) == []


@pytest.mark.parametrize("name", sorted({package(path) for path in CODE}))
def test_the_texts_of_a_package_are_plain_english(name: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in CODE
        if package(path) == name
        for text in read_texts(path)
        for words in find(text, str(path.relative_to(ROOT)))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["it is no number", "the rows lie in a file", "go\non", "It's", "normalised", "rows are left out"]
)
def test_such_words_are_found(text: str) -> None:
    assert find(text, "") != []


@pytest.mark.parametrize(
    "text", ["it is no longer a number", "the key `says` is set", "the layer's output", "beside-the-point"]
)
def test_others_are_not(text: str) -> None:
    assert find(strip_code(text), "") == []


def test_what_is_allowed_is_there() -> None:
    for name, words in ALLOWED:
        assert words in (ROOT / name).read_text(encoding="utf-8").lower()
