"""What a message suggests to type is read by a shell as it was meant."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from nntrain.data.option_suggestions import suggest_ignore, suggest_type
from nntrain.formatting import escape_line
from nntrain.shell_command import format_command, quote
from tests.laws.sources import ROOT, files

NAMES = [
    "plain",
    "two words",
    'it\'s "quoted"',
    "$(touch x)`touch y`${HOME}",
    "-rf",
    "--set",
    "new\nline; touch x",
    "\x1b[2J\t%s\\n",
    "pay\u202e\u200blap",
    "\udcff\udc80.csv",
    "100% größer & *.csv > z | ~ # !",
    "",
]


def words(command: str, folder: Path) -> list[str]:
    """What a shell makes of a command line."""
    script = f"set -- {command}; printf '%s\\0' \"$@\""
    told = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, check=True, timeout=60)
    return told.stdout.decode(errors="surrogateescape").split("\0")[:-1]


@pytest.mark.parametrize("name", NAMES, ids=map(ascii, NAMES))
def test_a_shell_reads_a_quoted_word_as_it_is(name: str, tmp_path: Path) -> None:
    assert words(f"x {quote(name)}", tmp_path) == ["x", name]
    assert escape_line(quote(name)) == quote(name), "the terminal shows it as it is"
    assert not list(tmp_path.iterdir())


def test_options_come_first_and_two_dashes_before_names_that_begin_with_a_dash() -> None:
    assert format_command("show", "runs/a") == "nntrain show runs/a"
    longer = ("--max-time", "1h")
    assert format_command("resume", "runs/a b", options=longer) == "nntrain resume 'runs/a b' --max-time 1h"
    assert format_command("resume", "-a", options=longer) == "nntrain resume --max-time 1h -- -a"
    assert format_command("evaluate", "run", "-b.csv") == "nntrain evaluate -- run -b.csv"


@pytest.mark.parametrize("name", [name for name in NAMES if "\udcff" not in name], ids=ascii)
def test_the_key_of_a_column_survives_the_shell_and_toml(name: str, tmp_path: Path) -> None:
    option, said = words(f"-- {suggest_ignore(name)}", tmp_path)[-2:]
    assert option == "--set"
    assert tomllib.loads(said) == {"data": {"ignore": [name]}}
    said = words(f"-- {suggest_type(name, 'text')}", tmp_path)[-1]
    assert tomllib.loads(said.replace("=text", '="text"')) == {"data": {"columns": {name: {"type": "text"}}}}


def test_no_command_is_put_together_by_hand() -> None:
    by_hand = re.compile(
        r"""nntrain (?:check|convert|diff|evaluate|fit|init|predict|resume|show|t7|verify-resume) [^"'`;.]*\{|shlex\."""
    )
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files("nntrain", "plugins")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if by_hand.search(line)
    ]
    assert [place.partition(":")[0] for place in places] == ["nntrain/shell_command.py"], places
