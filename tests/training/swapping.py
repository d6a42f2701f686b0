"""A run is saved, resumed and replaced while folders of it are swapped for links.

    python -m tests.training.swapping FOLDER PATTERN

Python reports each access to files before it makes it. At one of them, another in each round, what is named PATTERN in
the run folder is renamed, and a link to a folder outside put in its place. Prints the rounds, and what changed outside.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from nntrain.config.load import build_config
from nntrain.errors import NntrainError
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.run_folder.folder_lock import lock_folder, unlock_folder
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trainer import Trainer
from tests.folder_facts import changes, facts
from tests.training.stopping import ADAM, config

EVENTS = {"open", "tempfile.mkdtemp", "shutil.rmtree", "shutil.copyfile"}


class Swap:
    """Swaps what is named ``pattern`` in a run for a link to ``outside``, at the access number ``at``, from 1."""

    def __init__(self, run: Path, pattern: str, outside: Path) -> None:
        self.run = run
        self.pattern = pattern
        self.outside = outside
        self.at = 0
        self.left = 0
        self.done = False

    def __call__(self, event: str, arguments: object) -> None:
        if self.left > 0 and (event in EVENTS or event.startswith("os.")):
            self.left -= 1
            if self.left == 0:
                self.swap()

    def swap(self) -> None:
        self.done = True
        for number, item in enumerate([*self.run.glob(self.pattern)]):
            item.rename(self.run / f"taken-{number}")
            item.symlink_to(self.outside)


def work(run: Trainer, folder: RunFolder) -> None:
    """All that writes, renames or deletes in a run folder."""
    lock_folder(folder.path)
    saver = Checkpointer(run, folder, 2)
    run.train_step()
    folder.log({"epoch": 1, "step": run.step})
    saver.save()
    write_text(folder.scores, "{}")
    folder.set_best_aside(1)
    folder.roll_back(folder_steps(folder)[0], 1, 1)
    folder.back_up(item for item in folder.list_items() if item.exists())
    folder.clear()
    folder.abandon()


def folder_steps(folder: RunFolder) -> list[int]:
    return [int(path.stem.rpartition("-")[2]) for path in folder.list_checkpoints()]


def decoys(outside: Path, run: Path) -> None:
    """What has a name of the run's outside, where it is somebody else's."""
    shutil.rmtree(outside, ignore_errors=True)
    (outside / ".nntrain-abcdefgh.tmp").mkdir(parents=True)
    for path in (outside / ".nntrain-abcdefgh.tmp" / "kept", outside / "step-000000900.h5", outside / "x.tmp"):
        path.write_text("theirs")
    for path in run.rglob("*"):
        if path.is_file():
            (outside / path.name).write_text("theirs")


def main(place: Path, pattern: str) -> None:
    made = RunFolder(place / "made")
    said = build_config(config(ADAM))
    run, decided = start_run(said, load_splits(said), "", made, [])
    while not made.list_best_networks():
        if run.train_step() is None:
            made.log(run.end_epoch())
            Checkpointer(run, made, decided.train.keep).save()
    unlock_folder(made.path)
    folder, outside = RunFolder(place / "run"), place / "outside"
    swap = Swap(folder.path, pattern, outside)
    sys.addaudithook(swap)
    found: list[str] = []
    for number in range(1, 10_000):
        shutil.rmtree(folder.path, ignore_errors=True)
        shutil.copytree(made.path, folder.path)
        decoys(outside, made.path)
        before = facts(outside)
        swap.left, swap.done = number, False
        try:
            work(run, folder)
        except (NntrainError, OSError):
            if not swap.done:
                raise
        swap.left = 0
        unlock_folder(folder.path)
        found += [f"{number}: {name}" for name in changes(before, facts(outside))]
        if not swap.done:
            break
    print(number, *found, sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
