"""Bytes that are not UTF-8 in any argument: a path, or one line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
    assert "\udcff" not in outcome.err
    assert not list(tmp_path.iterdir())
