"""Commands on a terminal of their own, and whatever they print there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

__all__ = ["FORGED", "HOSTILE", "check_harmless", "codes_of", "needs_terminals", "printed"]

needs_terminals = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")

# What a terminal passes (colors, the title, a C1 control), what reorders or hides (an override, a space of no width, a
# tag, an override of old), and a line that looks as if nntrain had printed it.
FORGED = "Error: forged"
HOSTILE = f"x\x1b[31m\x1b]0;t\x07\x9b2J\u202ey\u200b\U000e0041\x7f\u2028\n{FORGED}\r{FORGED}\tz"

CONTROLS = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff"
ACTING = re.compile(f"[{CONTROLS}]")

# Frames of the bar of progress with the plot below, or without it, and its end.
FRAME = rf"\r(?:[^{CONTROLS}]|\x1b\[(?:3[56]|0)m|\x1b\[K\r\n)*\x1b\[J(?:\x1b\[\d+A)?\r"
BAR = re.compile(rf"{FRAME}|\r[^\r\n]*\d+%\|[^\r\n]*step(/s)?\]|\r[^\r\n]*\d+%\|[^\r\n]*s/step\]|\r *\r")

# Runs every command in one process, as Python takes its time to start.
PROGRAM = """
import json, sys
from nntrain.cli.main import run_command
for arguments in json.loads(sys.stdin.readline()):
    sys.argv = ["nntrain", *arguments]
    code = run_command(arguments)
    print(f"exit code {code}", flush=True)
"""


def printed(
    commands: Sequence[Sequence[str]],
    folder: Path,
    variables: Mapping[str, str] | None = None,
    columns: int = 0,
) -> str:
    """What the commands print on a terminal, stdout and stderr, with the exit code after each.

    ``columns``: the width of the terminal, of 24 lines; 0 if it does not report its size.
    """
    import pty
    import termios

    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST  # line ends stay \n, so that each \r was printed
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    termios.tcsetwinsize(slave, (24 if columns else 0, columns))
    environment = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **(variables or {})}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=slave, stderr=slave, cwd=folder, env=environment
    )
    os.close(slave)
    assert process.stdin is not None
    process.stdin.write(json.dumps(commands).encode() + b"\n")
    process.stdin.close()
    pieces = []
    try:
        while piece := os.read(master, 1 << 16):
            pieces.append(piece)
    except OSError:
        pass  # Linux's way to say that the other end was closed
    os.close(master)
    assert process.wait(timeout=600) == 0
    return b"".join(pieces).decode("utf-8", "surrogateescape")


def codes_of(text: str) -> list[int]:
    """The exit codes in what was printed."""
    return [int(code) for code in re.findall(r"^exit code (\d+)$", text, re.MULTILINE)]


def check_harmless(text: str) -> None:
    """Assert that nothing acts on the terminal, no line is forged or without end, and nothing is a bug."""
    lines = BAR.sub("", text).split("\n")
    assert not [ascii(line) for line in lines if ACTING.search(line)]
    forged = [ascii(line) for line in lines if line.strip(" |`->.").startswith(FORGED)]
    assert forged == []
    assert not [ascii(line) for line in lines if "Traceback" in line or "a bug in nntrain" in line]
    messages = [line for line in lines if line.startswith(("Error: ", "Warning: ", "Note: "))]
    assert not [ascii(message) for message in messages if len(message) > 2010]
