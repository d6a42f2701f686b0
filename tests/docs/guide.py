"""The blocks of a page that a reader runs: commands, programs and configs, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.paths import ROOT

DOCS = ROOT / "docs"

# The first words of lines to type.
COMMAND = re.compile(
    r"(nntrain|pip|pipx|uvx|uv|python3?|make|bash|cat|mkdir|tail|cp|tensorboard|docker|systemd-run|eval|\.|\(ulimit"
    r"|[A-Z_]+=\S+) \S"
)
BLOCK = re.compile(
    r"^```(?P<language>\w+)\n(?P<fenced>(?:.*\n)*?)```$|(?<=\n\n)(?P<indented>(?: {4}.*\n(?:\n(?= {4}))?)+)",
    re.MULTILINE,
)


class Block(NamedTuple):
    """A block, and its kind: ``command`` (one line of a shell), ``session``, ``file`` or the language of a program."""

    kind: str
    text: str


def pages() -> list[Path]:
    """The README and every page that is written by hand."""
    generated = {DOCS / "commands.md", DOCS / "config.md"}
    found = {*DOCS.glob("*.md"), *(DOCS / "guides").glob("*.md")} - generated
    return [ROOT / "README.md", *sorted(found)]


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page."""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        text = found["fenced"] or re.sub(r"^ {4}", "", found["indented"] or "", flags=re.MULTILINE)
        if found["language"] == "console":
            yield Block("session", text)
        elif found["language"] in ("python", "toml"):
            named = re.match(r"# \S+\.(?:py|toml)\n", text)
            yield Block("file" if named else found["language"], text)
        else:
            yield from (Block("command", line) for line in commands(text))


def commands(text: str) -> Iterator[str]:
    """The lines to type; what is said of one, three spaces after it, is left out."""
    for line in text.replace("\\\n", "").splitlines():
        if COMMAND.match(line):
            yield re.sub(r" {3,}[^ #].*| +# .*", "", re.sub(r"(?<=\S) {8,}(?=-)", " ", line)).strip()
