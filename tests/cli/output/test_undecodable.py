"""Bytes that are not UTF-8 in any argument: a path, or one line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.formatting import escape_line

Command = Callable[..., Any]

# As Python gives the byte 0xff of an argument.
BAD = "x\udcff"


@pytest.mark.parametrize(
    "arguments",
    [
        ("fit", "IRIS", "--target", BAD),
        ("fit", "IRIS", "--target", "species", "--positive", BAD),
        ("fit", "IRIS", "--inputs", BAD),
        ("fit", "IRIS", "--targets", BAD),
        ("fit", "IRIS", "--set", f"{BAD}=1"),
        ("fit", "IRIS", "--set", f"train.epochs={BAD}"),
        ("fit", "IRIS", "--set", f"name={BAD}"),
        ("fit", "IRIS", "--max-time", BAD),
        ("fit", "IRIS", "--memory", BAD),
        ("fit", "IRIS", "--checkpoint-every", BAD),
        ("fit", "IRIS", "--log", BAD),
        ("fit", "IRIS", "--folds", BAD),
        ("fit", "IRIS", f"--{BAD}"),
        ("fit", BAD),
        ("check", BAD),
        ("init", BAD),
        ("verify-resume", BAD),
        ("resume", BAD),
        ("resume", BAD, "--data", BAD),
        ("evaluate", BAD),
        ("predict", BAD, "IRIS"),
        ("predict", BAD, "IRIS", "-o", BAD),
        ("predict", BAD, "IRIS", "--threshold", BAD),
        ("convert", BAD, f"{BAD}.h5"),
        ("show", BAD),
        ("diff", BAD, BAD),
        ("layers", BAD),
        ("plugins", "new", BAD),
        ("plugins", "check", BAD),
        (BAD,),
    ],
    ids=lambda arguments: " ".join(arguments).encode("ascii", "backslashreplace").decode(),
)
def test_an_argument_that_is_not_utf_8_is_refused_in_one_line(
    arguments: tuple[str, ...], nntrain: Command, iris: Path, tmp_path: Path
) -> None:
    outcome = nntrain(*(iris if argument == "IRIS" else argument for argument in arguments))
    assert outcome.code in (2, 3)
    assert outcome.err.count("Error: ") == 1
    assert "udcff" not in outcome.err
    assert "\udcff" not in outcome.err
    assert not list(tmp_path.iterdir())


def test_a_path_shows_its_byte_and_what_to_do(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    path = tmp_path / f"{BAD}.csv"
    path.write_bytes(iris.read_bytes())
    given = f"'{tmp_path}/x\\xff.csv'"
    expected = f"data.path: expected a path in UTF-8, got {given}; rename it, or pass the file through a pipe\n"
    assert nntrain("check", path, "--target", "species").err == f"Error: command line: {expected}"
    assert nntrain("evaluate", tmp_path / "none", path).err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x\udcff", r"x\xff"),
        (repr("x\udc80\udcff"), r"'x\x80\xff'"),
        (repr(r"x\udcff"), r"'x\\udcff'"),
        ("\ud800", r"\ud800"),
    ],
)
def test_a_byte_is_shown_as_a_byte(text: str, shown: str) -> None:
    assert escape_line(text) == shown
    assert escape_line(shown) == shown
