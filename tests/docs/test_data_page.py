"""docs/data.md: what it tells people to write can be written."""

from __future__ import annotations

import re

import pytest

from nntrain.config.load import build_config
from nntrain.config.override import Override
from tests.paths import ROOT

PAGE = ROOT / "docs" / "data.md"

# What a key needs beside it, and may not stand alone.
BESIDE = {
    "split": {"split_column": "x"},
    "split_values": {"split": "column", "split_column": "x"},
}


def examples() -> list[tuple[str, str]]:
    """Every ``key = value`` of the indented blocks, with the section that it stands in."""
    section, found = "", []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if head := re.fullmatch(r" {4}\[(\w+)\]", line):
            section = head[1]
        elif key := re.fullmatch(r" {4}([a-z_.]+ = .*)", line):
            found.append((section, key[1]))
    return found


def test_there_are_examples() -> None:
    assert len(examples()) > 8


@pytest.mark.parametrize(("section", "line"), examples(), ids=str)
def test_an_example_is_a_config(section: str, line: str) -> None:
    key, _, value = line.partition(" = ")
    tree = {"data": {"path": "t.csv", **BESIDE.get(key, {})}}
    Override.parse(f"{section}.{key}={value.partition('  #')[0]}").apply_to(tree)
    build_config(tree)
