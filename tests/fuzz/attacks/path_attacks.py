"""Names of files and folders that a reader could take for something else."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from tests.fuzz.attacks.hdf5_attacks import Commands
from tests.fuzz.corpus import ROWS, Corpus

__all__ = ["EXPECTED", "odd_names"]

# What ``predict`` must have written to out.csv if it ends well, in the folder of the case.
EXPECTED = "expected.csv"

# Folders that say what a column is, in the way of Hive, and names with a meaning to shells, systems and databases.
FOLDERS = (
    *(*("petal_length=0", "petal_width=2.5", "sepal_length=__HIVE_DEFAULT_PARTITION__") * 3, "year=2024", "filename=x"),
    *("~", "~root", "file:", "http:", "s3:", "a*b", "a?b", "[ab]", "{a,b}", "**", "$HOME", "%41", " ", "-o", "'", '"'),
    *("a;b", "a\nb", "a\\b", "ä", "a\u0308", "..."),
)

# Files that such a name could be taken for.
DECOYS = ("a", "b", "ab", "axb", "aab", "A", "root", "x")


def odd_names(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """The rows of iris under such names, beside others that are not to be read."""
    suffix = random.choice(ROWS)
    parts = [random.choice(FOLDERS) for _ in range(random.choice((0, 1, 2)))]
    odd = Path(*parts, f"{random.choice((*FOLDERS, 'rows'))}{suffix}")
    other = corpus.folder / f"others{suffix}"
    for decoy in DECOYS:
        for near in (folder / Path(*parts[:-1], decoy), folder / Path(*parts)):
            near.mkdir(parents=True, exist_ok=True)
            shutil.copy(other, near / f"{decoy}{suffix}")
    (folder / odd).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(corpus.folder / f"iris-rows{suffix}", folder / odd)
    shutil.copy(corpus.folder / "iris-predicted.csv", folder / EXPECTED)
    return [["predict", str(corpus.run("iris")), "-o", "out.csv", "--", str(odd)]]
