"""``nntrain verify-resume`` kills real processes, and sees a difference where there is one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.training.diagnostics import resume_verification
from nntrain.training.run_folder.run_folder import RunFolder

Command = Callable[..., Any]

QUICK = ("--target", "species", "--steps", 40, "--kills", 2)


def test_a_killed_run_is_compared(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    outcome = nntrain("verify-resume", iris, *QUICK, "--set", "train.patience=0")
    assert (outcome.code, outcome.err) == (0, "")
    first, *kills, last = outcome.out.splitlines()
    assert first == "Uninterrupted: 40 steps."
    assert all(line.startswith("Killed after step ") for line in kills)
    assert len(kills) == 2
    assert last.startswith("Bit-for-bit identical: ")
    assert not list(tmp_path.iterdir())


def test_a_difference_is_named(nntrain: Command, iris: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_the_same(config: Path, folder: RunFolder, step: int) -> None:
        if step == 0:
            shutil.copytree(folder.path.parent / "uninterrupted", folder.path)
            tree = read_checkpoint(folder.list_checkpoints()[-1])
            tree["network"]["state"]["blocks"]["0.weight"][0, 0] += 1e-6
            write_checkpoint(folder.list_checkpoints()[-1], tree)

    monkeypatch.setattr(resume_verification, "run_in_process", not_the_same)
    first = "step-000000040.h5/network/state/blocks/0.weight"
    quick = (*QUICK, "--set", "model.hidden=[8]")
    outcome = nntrain("verify-resume", iris, *quick)
    assert (outcome.code, outcome.err) == (1, "")
    assert f"Different: {first}, and 0 more of " in outcome.out
    outcome = nntrain("verify-resume", iris, *quick, "--json")
    assert outcome.code == 1
    found = json.loads(outcome.out)
    assert (found["same"], found["different"], found["steps"]) == (False, [first], 40)


def test_what_cannot_be_trained_is_reported_as_by_fit(nntrain: Command, iris: Path) -> None:
    outcome = nntrain("verify-resume", iris, "--target", "colour")
    assert outcome.code == 3
    assert outcome.err.count("\n") == 1
    assert "colour" in outcome.err


def test_a_run_that_cannot_go_on_is_reported(nntrain: Command, iris: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_process = resume_verification.run_in_process

    def damaging(config: Path, folder: RunFolder, step: int) -> None:
        for path in folder.list_checkpoints():
            path.write_bytes(b"")
        in_a_process(config, folder, step)

    monkeypatch.setattr(resume_verification, "run_in_process", damaging)
    outcome = nntrain("verify-resume", iris, *QUICK, "--kills", 1)
    assert outcome.code == 2
    assert "the killed run cannot resume to step the last: " in outcome.err
    assert "no checkpoint to resume from" in outcome.err
