"""docs/index.md: its sessions are what the program prints, and its program runs."""

from tests.docs.guide import blocks
from tests.docs.session import PAGE, run, without_numbers


def test_the_sessions_are_not_stale() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("\n$ nntrain ") == 2
    assert without_numbers(text) == without_numbers(run(text)), "run: python -m tests.docs.session"


def test_its_program_runs() -> None:
    (program,) = (block.text for block in blocks(PAGE) if block.kind == "python")
    exec(program, {})
