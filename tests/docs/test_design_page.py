"""docs/design.md: its package list is that of the import test, and its glossary has paths and classes of the code."""

import ast
import re

import pytest

from tests.docs.guide import ROOT
from tests.docs.package_layout import PAGE, update

TEXT = PAGE.read_text(encoding="utf-8")
GLOSSARY = re.findall(r"^\| ([^|`]+) \| ([^|]+) \| `([^`]+)` \|$", TEXT.partition("## Package layout")[0], re.MULTILINE)


def test_the_package_list_is_not_stale() -> None:
    assert update(TEXT) == TEXT, "run: make pages"


def test_the_glossary_is_found() -> None:
    assert len(GLOSSARY) > 50
    assert len({term for term, _, _ in GLOSSARY}) == len(GLOSSARY)


@pytest.mark.parametrize(("term", "meaning", "path"), GLOSSARY, ids=lambda value: value)
def test_a_class_of_the_glossary_is_in_its_file(term: str, meaning: str, path: str) -> None:
    assert (ROOT / path).exists()
    if path.endswith(".py"):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        named = set(re.findall(r"`([A-Z]\w+)`", meaning))
        assert named <= classes


def test_every_path_of_the_page_exists() -> None:
    paths = re.findall(r"`((?:nntrain|plugins|tests|docs|datasets)/[\w./]+)`", TEXT)
    assert [path for path in paths if not (ROOT / path).exists()] == []
