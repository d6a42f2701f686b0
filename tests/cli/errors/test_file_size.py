"""The limit on the size of files: every error that it causes names it."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nntrain.system_limits import explain_system_error
from tests.cli.processes import IRIS, SHORT, run

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs the limits of Linux")


@linux
@pytest.mark.parametrize(
    ("arguments", "code", "where"),
    [
        (("convert", "run/best.h5", "x.t7"), 5, "x.t7: cannot be written: "),
        (("convert", "run/best.h5", "x.safetensors"), 1, "x.safetensors: "),
        (("convert", IRIS, "x.h5", "--target", "species"), 3, f"{IRIS}: "),
        (("predict", "run", IRIS, "-o", "x.csv"), 1, "x.csv: "),
    ],
)
def test_too_large_a_file_names_the_limit(
    arguments: tuple[str, ...], code: int, where: str, tmp_path: Path, trained: Path
) -> None:
    shutil.copytree(trained, tmp_path / "run")
    before = sorted(tmp_path.rglob("*"))
    command = ("sh", "-c", 'ulimit -f 1; exec "$@"', "sh", sys.executable, "-m", "nntrain")
    outcome = run(*arguments, cwd=tmp_path, command=command)
    unit = bytes_of_a_block()
    line = f"Error: {where}file too large; raise the limit of {unit:,} B (ulimit -f)\n"
    assert (outcome.code, outcome.err) == (code, line)
    assert sorted(tmp_path.rglob("*")) == before


def bytes_of_a_block() -> int:
    """Bytes of `ulimit -f 1`: 512 by POSIX, 1,024 in bash."""
    program = "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE)[0])"
    limited = ("sh", "-c", 'ulimit -f 1; exec "$@"', "sh", sys.executable, "-c", program)
    return int(subprocess.run(limited, capture_output=True, check=True, timeout=60).stdout)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    assert run(*SHORT, "--set", "model.hidden=[8]", "--out", "run", cwd=folder).code == 0
    return folder / "run"


@pytest.mark.parametrize("name", ["out of memory.h5", "file too large.csv", "error 24.h5"])
def test_the_name_of_a_file_is_not_what_the_system_refused(name: str) -> None:
    assert explain_system_error(FileNotFoundError(errno.ENOENT, "No such file or directory", name)) is None
