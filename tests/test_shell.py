"""What a message suggests to type is read by a shell as it was meant."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from nntrain.data.advice import ignoring, taking_for
from nntrain.shell import nntrain_command, quoted
from nntrain.visible import one_line
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
    assert words(f"x {quoted(name)}", tmp_path) == ["x", name]
    assert one_line(quoted(name)) == quoted(name), "the terminal shows it as it is"
    assert not list(tmp_path.iterdir())


def test_options_come_first_and_two_dashes_before_names_that_begin_with_a_dash() -> None:
    assert nntrain_command("show", "runs/a") == "nntrain show runs/a"
    longer = ("--max-time", "1h")
    assert nntrain_command("resume", "runs/a b", options=longer) == "nntrain resume 'runs/a b' --max-time 1h"
    assert nntrain_command("resume", "-a", options=longer) == "nntrain resume --max-time 1h -- -a"
    assert nntrain_command("evaluate", "run", "-b.csv") == "nntrain evaluate -- run -b.csv"


@pytest.mark.parametrize("name", [name for name in NAMES if "\udcff" not in name], ids=ascii)
def test_the_key_of_a_column_survives_the_shell_and_toml(name: str, tmp_path: Path) -> None:
    option, said = words(f"-- {ignoring(name)}", tmp_path)[-2:]
    assert option == "--set"
    assert tomllib.loads(said) == {"data": {"ignore": [name]}}
    said = words(f"-- {taking_for(name, 'text')}", tmp_path)[-1]
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
    assert [place.partition(":")[0] for place in places] == ["nntrain/shell.py"], places
