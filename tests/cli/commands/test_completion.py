"""What a shell asks for when the tab key is pressed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

import pytest

from nntrain.cli.main import COMMANDS


def asked(words: Sequence[str]) -> list[str]:
    """What bash is told after these words, the last of which is not finished."""
    question = {"_NNTRAIN_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    command = [sys.executable, "-c", "from nntrain.cli.entry import main; main()"]
    answer = subprocess.run(command, env={**os.environ, **question}, capture_output=True, text=True, check=False)
    assert answer.stderr == ""
    return [line.partition(",")[2] for line in answer.stdout.splitlines()]


def test_commands_are_offered() -> None:
    assert set(asked(["nntrain", ""])) == {*COMMANDS, "t7"}
    assert asked(["nntrain", "pre"]) == ["predict"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["nntrain", "layers", "crossent"], "CrossEntropyCriterion"),
        (["nntrain", "fit", "--ta"], "--target"),
        (["nntrain", "predict", "run", "data", "--w"], "--with"),
    ],
)
def test_options_and_layers_are_offered(words: list[str], found: str) -> None:
    assert found in asked(words)


def test_after_a_command_that_is_none_nothing_is_stated() -> None:
    assert asked(["nntrain", "foo", "x"]) in ([], [""])


@pytest.mark.skipif(shutil.which("bash") is None, reason="click asks bash for its version")
def test_bash_is_given_a_function() -> None:
    command = [sys.executable, "-c", "from nntrain.cli.entry import main; main()"]
    environment = {**os.environ, "_NNTRAIN_COMPLETE": "bash_source"}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "complete -o nosort -F _nntrain_completion nntrain" in answer.stdout
