"""Terminal sessions of the README and the Start page: ``python -m tests.docs.session`` runs and rewrites them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.docs.guide import DOCS, ROOT

PAGES = (ROOT / "README.md", DOCS / "index.md")
SESSION = re.compile(r"^```console\n\$ (.*)\n((?:.*\n)*?)```$", re.MULTILINE)

# Number of epochs and predictions to show.
SHOWN = 3


def main() -> None:
    """Rewrite the pages."""
    for page in PAGES:
        page.write_text(run(page.read_text(encoding="utf-8")), encoding="utf-8")


def run(page: str) -> str:
    """Return the page with the current output of its commands."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "datasets" / "iris.csv", folder)
        return SESSION.sub(lambda found: f"```console\n$ {found[1]}\n{printed(found[1], Path(folder))}```", page)


def printed(command: str, folder: Path) -> str:
    """Run a command and return its shortened output."""
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "NNTRAIN_REPORT": "1"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env={**os.environ, **path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout
    return shortened(done.stdout.decode())


def shortened(text: str) -> str:
    """Replace all but the first epochs and predictions by three points."""
    lines = text.splitlines(keepends=True)
    for start in (r"epoch +\d+/", r"\w+(,[\d.e-]+)+$"):
        rows = [number for number, line in enumerate(lines) if re.match(start, line)]
        if len(rows) > SHOWN:
            lines[rows[SHOWN] : rows[-1] + 1] = ["...\n"]
    return "".join(lines)


def without_numbers(text: str) -> str:
    """Replace numbers, whose last digits depend on the machine, by #, and remove what follows from them."""
    text = re.sub(r"^  nntrain resume.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\d[\d,.]*(e-?\d+)?( [mµ]?s\b)?", "#", text)
    return re.sub(r" +(best)?$|-+", "", re.sub(r" +", " ", text), flags=re.MULTILINE)


if __name__ == "__main__":
    main()
