"""Symbolic links where nntrain has files of its own, to files that are not its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

from tests.fuzz.attacks.hdf5_attacks import Commands
from tests.fuzz.corpus import Corpus
from tests.fuzz.outside import Outside

__all__ = ["links_in_caches", "links_in_runs"]

PLACES = (
    *(".lock", "metrics.jsonl", "run.json", "config.toml", "given.toml", "best.h5", "scores.json", "profile.json"),
    *("checkpoints", "logs", ".replaced", ".replacing", ".best.h5.tmp", ".run.json.tmp", ".metrics.jsonl.tmp"),
)


def links_in_runs(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A run folder, some of whose files and folders are links or pipes; or a link to nothing in its place."""
    shutil.copytree(corpus.run("iris"), folder / "run")
    for place in random.sample(PLACES, random.choice((1, 1, 2))):
        make_link(folder / "run" / place, folder, random)
    steps = [*(folder / "run" / "checkpoints").glob("*.h5")]
    if steps and not (folder / "run" / "checkpoints").is_symlink() and random.random() < 0.3:
        make_link(random.choice(steps), folder, random)
    if random.random() < 0.1:
        (folder / "run").rename(folder / "elsewhere")
        make_link(folder / "run", folder, random)
    rows = str(corpus.data("iris"))
    fit = ["fit", str(corpus.folder / "iris.toml"), "--set", f"data.path='{rows}'", "--out", "run"]
    return [
        [*fit, "--force"],
        [*fit, "--force", "--profile"],
        [*fit, "--resume"],
        fit,
        ["fit", rows, "--target", "species", "--out", "run", "--force", "--folds", "2", "--set", "train.max_steps=2"],
        ["resume", "run", "--set", "train.max_steps=23"],
        ["evaluate", "run"],
        ["show", "run"],
        ["diff", "run", "run"],
        ["check", "run"],
        ["predict", "run", rows, "-o", random.choice(("out.csv", "run/best.h5", "run/out.csv"))],
    ]


def links_in_caches(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A cache, some of whose files are links."""
    shutil.copytree(corpus.folder / "cache", folder / "cache")
    for item in [*(folder / "cache").iterdir(), folder / "cache" / "making-x"]:
        if random.random() < 0.5:
            make_link(item, folder, random)
    if random.random() < 0.2:
        # A link to a folder would be a choice of the user.
        shutil.rmtree(folder / "cache")
        (folder / "cache").symlink_to(Outside.of(folder).folder / random.choice(("file", "nothing")))
    return [[*corpus.streamed("cache"), "--out", "out", "--force"]]


def make_link(place: Path, folder: Path, random: Random) -> None:
    """A link to something outside, or to a device, or a pipe, in place of what is there."""
    outside = Outside.of(folder)
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    if random.random() < 0.1:
        os.mkfifo(place)
    else:
        place.symlink_to(random.choice([*outside.victims(), outside.folder / "nothing", Path("/dev/zero")]))
