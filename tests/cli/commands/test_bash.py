"""Suggestions pasted into bash do what they say, whatever names are in them, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nntrain.shell_command import format_command

BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="needs bash")

NAMES = [
    "plain",
    "two words",
    "it's",
    '"quoted"',
    "-a",
    "--out=x",
    "$(touch x)",
    "`touch x`",
    "$HOME",
    "a\nb",
    "ends\n",
    "!history",
    "~",
    "~root/x",
    "*",
    "[a-z]?",
    "{a,b}",
    "a;touch x",
    "a&touch x|x>y<z",
    "#comment",
    "\\",
    "a\\nb",
    "%s%d",
    "x\x1b[31m\u202ey",
    "a\udcffb",
    "日本",
    "a=b",
    "",
]
OPTIONS: list[tuple[str, ...]] = [(), ("--set", "train.epochs=4"), ("-o", "predictions.csv")]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: " ".join(options) or "none")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_bash_reads_a_suggestion_back(name: str, options: tuple[str, ...], tmp_path: Path) -> None:
    """In an interactive shell too, in which ! stands for a line of the history."""
    stub = tmp_path / "bin" / "nntrain"
    stub.parent.mkdir()
    program = "import json, os, sys\nprint(json.dumps([os.fsencode(word).hex() for word in sys.argv[1:]]))\n"
    stub.write_text(f"#!{sys.executable}\n{program}")
    stub.chmod(0o755)
    command = format_command("resume", name, "NEW", options=options)
    before = sorted(os.listdir(tmp_path))
    env = {**os.environ, "PATH": f"{stub.parent}{os.pathsep}{os.environ['PATH']}"}
    assert BASH is not None
    for switches in (("-c",), ("-o", "histexpand", "-c")):
        pasted = subprocess.run(
            [BASH, "--norc", "--noprofile", *switches, command], cwd=tmp_path, env=env, capture_output=True, timeout=60
        )
        assert pasted.returncode == 0, pasted.stderr
        words = [bytes.fromhex(word) for word in json.loads(pasted.stdout)]
        names = [os.fsencode(name), b"NEW"]
        given = [os.fsencode(word) for word in options]
        assert words == [b"resume", *([*given, b"--", *names] if name.startswith("-") else names + given)]
    assert sorted(os.listdir(tmp_path)) == before
