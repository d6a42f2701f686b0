"""Processes that hold temporary files until they are killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = """
import sys
from pathlib import Path
from nntrain.files import write_atomically
with write_atomically(Path(sys.argv[1])) as new:
    new.write_text("half")
    print(new.resolve().relative_to(Path(sys.argv[1]).resolve().parent), flush=True)
    input()
"""

FOLDER = """
import sys
from pathlib import Path
from nntrain.files.temporary_folders import create_temporary_folder
with create_temporary_folder(Path(sys.argv[1])) as folder:
    (folder / "rows").write_text("many")
    print(folder.resolve().name, flush=True)
    input()
"""


@contextmanager
def at_work(program: str, path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that runs a program, and the name that it printed. It is killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()
