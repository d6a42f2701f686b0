"""nntrain t7: what a file holds, as lines to read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain_torch7.format import BooleanKey, LuaFunction, Storage, TorchObject, write
from nntrain_torch7.outline import format_outline


def test_every_kind_of_value_is_a_line() -> None:
    memory = np.arange(8.0)
    table = {
        1: 1.5,
        "flag": True,
        BooleanKey(True): None,
        "name": "x" * 70,
        "a.b": memory.reshape(2, 4),
        "sizes": Storage(np.array([2, 3])),
        "f": LuaFunction(b"12345"),
        "net": TorchObject("nn.Foo", 1, {"deep": {"er": 1.0}}),
    }
    table["again"] = table["net"]
    table["whole"] = table
    assert list(format_outline(table, 2)) == [
        "a table of 10",
        "  1: 1.5",
        "  flag: true",
        "  True: nil",
        f"  name: '{'x' * 60}'... (70 characters)",
        "  a·b: DoubleTensor 2×4 [0, 1, 2, 3, 4, 5, ...]",
        "  sizes: LongStorage [2, 3]",
        "  f: a function of 5 bytes (never run)",
        "  net: nn.Foo",
        "    deep: a table of 1",
        "      ... (1 inside)",
        "  again: the same as .net",
        "  whole: the same as the root",
    ]


def test_a_long_table_is_cut() -> None:
    lines = list(format_outline({number: float(number) for number in range(1, 101)}, 1))
    assert lines[-2:] == ["  40: 40", "  ... and 60 more"]


def test_the_command_comes_by_the_hook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write({"epoch": 12.0}, tmp_path / "old.t7")
    assert run_command(["t7", str(tmp_path / "old.t7")]) == 0
    assert capsys.readouterr().out == "a table of 1\n  epoch: 12\n"
    (tmp_path / "cut.t7").write_bytes((tmp_path / "old.t7").read_bytes()[:-3])
    assert run_command(["t7", str(tmp_path / "cut.t7")]) == 5
    assert capsys.readouterr().err.count("\n") == 1


def test_help_loads_no_family_for_it() -> None:
    code = "import sys; from nntrain.cli.main import run_command; run_command(['--help']); print([*sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    assert "  t7  " in done.stdout
    assert "'nntrain_torch7.commands'" in done.stdout
    assert "'numpy'" not in done.stdout
