"""Nothing that a command prints acts on a terminal."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import click
import pytest

from nntrain.cli.main import format_problems, show_warning
from nntrain.cli.messages import format_message
from nntrain.cli.tables import format_first_lines, format_first_rows, format_table
from nntrain.cli.terminal import Terminal, get_data_output, print_data, print_line, use_terminal
from nntrain.errors import ConfigError
from nntrain.formatting import format_names
from tests.laws.sources import ROOT, files

HOSTILE = "x\x1b]0;title\x07\u202e\x9b2J"
SHOWN = r"x\x1b]0;title\x07\u202e\x9b2J"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@contextmanager
def before(screen: Screen) -> Iterator[None]:
    """A command that prints to a terminal."""
    with redirect_stdout(screen), redirect_stderr(screen), use_terminal():
        yield


PRINTING: dict[str, Callable[[str], Any]] = {
    "print": lambda text: print(text),
    "stderr": lambda text: print(text, file=sys.stderr),
    "echo": click.echo,
    "echo of an error": lambda text: click.echo(text, err=True),
    "echo of bytes": lambda text: click.echo(text.encode()),
    "bytes": lambda text: sys.stdout.buffer.write(f"{text}\n".encode()),
    "data": print_data,
    "a sentence": print_line,
}


@pytest.mark.parametrize("name", PRINTING)
def test_whatever_prints_reaches_the_terminal_visible(name: str) -> None:
    screen = Screen()
    with before(screen):
        PRINTING[name](HOSTILE)
    assert screen.getvalue() == f"{SHOWN}\n"


def test_a_warning_of_a_library_is_one_visible_line() -> None:
    screen = Screen()
    with before(screen):
        show_warning(UserWarning(f"{HOSTILE}\nError: forged"), UserWarning, "x.py", 1)
    assert screen.getvalue() == f"Warning: {SHOWN}\\nError: forged\n"


def test_data_is_exact_in_a_pipe_and_text_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    monkeypatch.setattr(sys, "stdout", pipe)
    with use_terminal():
        print_data(HOSTILE + "y" * 3000)
        click.echo(HOSTILE + "y" * 3000)
        get_data_output().write("\r\n")
    pipe.seek(0)
    assert pipe.read() == f"{HOSTILE}{'y' * 3000}\n{SHOWN}{'y' * 3000}\n\r\n"


def test_a_stream_in_another_encoding_gets_what_it_can_encode(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", pipe)
    with use_terminal():
        click.echo("3×3 → ö")
        print("\U0001f600")
    pipe.seek(0)
    assert pipe.read() == "3\\xd73 \\u2192 \\xf6\n\\U0001f600\n"


def test_a_closed_stream_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with use_terminal():
        click.echo("to nobody")
        assert sys.stdout is None


def test_a_line_on_a_terminal_has_an_end() -> None:
    screen = Screen()
    terminal = Terminal(screen, 10)
    for piece in ("12345", "67890", "x", "y\nshort\n", "0123456789ab\n", "", "\n"):
        terminal.write(piece)
    assert screen.getvalue() == "1234567890 ...\nshort\n0123456789 ...\n\n"


def test_no_cell_of_a_table_breaks_its_line() -> None:
    assert format_table([["name", "rows"], ["a\nError: forged", "1"], ["b\tc", "20"]]).splitlines() == [
        "name              rows",
        r"a\nError: forged     1",
        r"b\tc                20",
    ]
    (row,) = format_table([["x" * 100_000]]).splitlines()
    assert len(row) <= 200


def test_a_message_is_one_line_of_at_most_2000_characters_and_keeps_its_advice() -> None:
    assert format_message("Note", "a\nError: forged") == r"Note: a\nError: forged"
    long = format_message("Error", f"{'column ' * 70_000}; did you mean 'x'?")
    assert len(long) <= 2010
    assert long.startswith("Error: column column")
    assert long.endswith("; did you mean 'x'?")


def test_a_config_with_many_problems_prints_the_first_and_counts_the_others() -> None:
    found = format_problems(ConfigError(*(f"c.toml:{number}: wrong" for number in range(1, 10_001))))
    assert found[:20] == tuple(f"c.toml:{number}: wrong" for number in range(1, 21))
    assert found[20:] == ("and 9,980 more problems",)
    assert format_problems(ConfigError("one")) == ("one",)


def test_a_long_table_prints_50_rows_and_counts_the_others() -> None:
    rows = [["column", "rows"], *([f"x{number}", "1"] for number in range(20_000))]
    shown = format_first_rows(rows, "columns").splitlines()
    assert len(shown) == 52
    assert shown[50].split() == ["x49", "1"]
    assert shown[51] == "... and 19,950 more columns; --all prints them"
    assert len(format_first_rows(rows, "columns", show_all=True).splitlines()) == 20_001
    assert format_first_rows(rows[:51], "columns") == format_table(rows[:51])


def test_a_large_network_prints_200_lines_and_counts_the_others() -> None:
    tree = "\n".join(map(str, range(1000)))
    *first, last = format_first_lines(tree, "--all").splitlines()
    assert first == [str(number) for number in range(200)]
    assert last == "... and 800 more lines; --all prints them"
    assert format_first_lines(tree, "--all", show_all=True) == tree
    assert format_first_lines("one\ntwo", "--all") == "one\ntwo"


def test_nothing_prints_past_the_terminal() -> None:
    past = re.compile(r"sys\.__std|std(out|err)\.buffer|/dev/tty|terminal import .*\bunwrap_stream\b")
    found = [path for path in files("nntrain", "plugins") if past.search(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in found] == ["nntrain/cli/progress_bar.py"]


def test_names_in_a_message_are_few_and_short() -> None:
    assert format_names(["a", "b"]) == "'a', 'b'"
    assert format_names([f"x{number}" for number in range(1000)]).endswith("'x18', 'x19' and 980 more")
    assert len(format_names(["x" * 10**6])) <= 100


def test_check_and_show_print_all_when_asked(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(59)]
    lines = [",".join([*(f"{(row * 7 + column) % 11}.5" for column in range(59)), "yn"[row % 2]]) for row in range(60)]
    (tmp_path / "wide.csv").write_text("\n".join([",".join([*names, "y"]), *lines]) + "\n")
    short, whole = nntrain("check", "wide.csv", "--target", "y"), nntrain("check", "wide.csv", "--target", "y", "--all")
    assert (short.code, whole.code) == (0, 0)
    assert "... and 10 more columns; --all prints them" in short.out
    assert "more columns" not in whole.out
    assert re.search(r"^c58 ", whole.out, re.MULTILINE)
    assert not re.search(r"^c58 ", short.out, re.MULTILINE)
    deep = ("--set", f"model.hidden={[3] * 30}", "--set", "train.epochs=1", "--out", "deep")
    assert nntrain("fit", "wide.csv", "--target", "y", *deep).code == 0
    parameters = 2 * 31  # a weight and a bias of each Linear
    assert f"... and {parameters - 50} more parameters; --all prints them" in nntrain("show", "deep").out
    assert "more parameters" not in nntrain("show", "deep", "--all").out


LONG = "t" * 480_000


@pytest.mark.parametrize(
    "arguments",
    [
        ("fit", "rows.csv", "--target", LONG),
        ("check", "rows.csv", "--set", f"data.{LONG}=1"),
        ("check", "rows.csv", "--target", "y", "--set", f"model.activation={LONG}"),
        ("fit", f"{LONG}.csv"),
        ("show", LONG),
        ("layers", LONG),
        ("plugins", "new", LONG),
        (LONG,),
        ("fit", f"--{LONG}"),
    ],
    ids=range(9),
)
def test_no_line_is_longer_than_2000_characters_and_its_level(
    arguments: tuple[str, ...], nntrain: Callable[..., Any], tmp_path: Path
) -> None:
    names = [f"column {number} {'x' * 30}" for number in range(2000)]
    (tmp_path / "rows.csv").write_text(",".join([*names, "y"]) + "\n" + ("1," * 2000 + "0\n") * 3)
    outcome = nntrain(*arguments)
    assert outcome.code in (1, 2, 3)
    assert max(map(len, outcome.err.splitlines())) <= 2010
    assert outcome.err.rstrip("\n").rpartition("\n")[2].startswith("Error: ")
