"""``python -m tests.kill --kills 100``: kill runs of every case so often, and see that all end with the same bits."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from nntrain.config.toml import format_toml
from nntrain.training.run_folder.run_folder import RunFolder
from tests.kill.cases import CASES, config_of_case
from tests.kill.killing import Killing, differences, outcome, straight

# How often a checkpoint is written: this is drawn anew for every run, and has no influence on what it comes to.
EVERY = ("7steps", "400steps", "1epoch", "100epochs", "1s")


def main() -> None:
    """Print a line for each case; exit with 1 if any run ends with other bits."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="kills of each case")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--epochs", type=int, default=1500, help="of each run")
    parser.add_argument("--case", action="append", choices=[*CASES], help="only this one; repeatable")
    said = parser.parse_args()
    print(f"{'case':20} {'kills':>5} {'runs':>4} {'seconds':>7}  outcome and moments", flush=True)
    with tempfile.TemporaryDirectory(prefix="nntrain-kill-") as place:
        good = [tell(name, Path(place), said) for name in said.case or CASES]
    print(f"{sum(good)} of {len(good)} cases end with the same bits.")
    sys.exit(not all(good))


def tell(name: str, place: Path, said: argparse.Namespace) -> bool:
    """Kill one case and print its line."""
    began = time.monotonic()
    random = Random(f"{said.seed} {name}")
    kills, runs, different, moments = kill(name, place / name.replace(" ", "-"), said.epochs, said.kills, random)
    told = "the same bits" if not different else f"DIFFERENT: {', '.join(different[:3])}"
    counts = ", ".join(f"{count} {moment}" for moment, count in moments.most_common())
    print(f"{name:20} {kills:5} {runs:4} {time.monotonic() - began:7.0f}  {told}; {counts}", flush=True)
    return not different


def kill(
    name: str, place: Path, epochs: int, kills: int, random: Random, every: Sequence[str] = EVERY
) -> tuple[int, int, list[str], Counter[str]]:
    """Kills, runs, what was different, and the moments."""
    place.mkdir()
    config = written(name, place, epochs, "1min")
    alone = RunFolder(place / "alone")
    seconds = straight(config, alone)
    expected = outcome(alone)
    killed = runs = 0
    different: list[str] = []
    moments: Counter[str] = Counter()
    while killed < kills and not different:
        runs += 1
        folder = RunFolder(place / f"killed-{runs}")
        killing = Killing(written(name, place, epochs, random.choice(every)), seconds, random)
        killed += killing.run(folder, kills - killed)
        moments += killing.moments
        different = differences(expected, outcome(folder))
    return killed, runs, different, moments


def written(name: str, place: Path, epochs: int, every: str) -> Path:
    """The config of a case in a file."""
    path = place / f"{every}.toml"
    path.write_text(format_toml(config_of_case(name, place, epochs, every)), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
