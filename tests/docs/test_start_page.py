"""README.md and docs/index.md: their sessions are the output of the program, and their programs run."""

from pathlib import Path

import pytest

from nntrain.nn.layer_reference import list_layers
from tests.docs.guide import ROOT, blocks
from tests.docs.session import PAGES, run, without_numbers

EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@EVERY_PAGE
def test_the_sessions_are_not_stale(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "\n$ nntrain fit " in text
    assert without_numbers(text) == without_numbers(run(text)), "run: python -m tests.docs.session"


@EVERY_PAGE
def test_its_program_runs(page: Path) -> None:
    (program,) = (block.text for block in blocks(page) if block.kind == "python")
    exec(program, {})


def test_the_readme_counts_the_layers() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f" {len(list(list_layers()))} layers and criterions" in " ".join(text.split())
