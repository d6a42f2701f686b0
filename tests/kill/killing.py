"""Begin runs in processes of their own, kill them, go on with them, and see what they come to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.training.run_folder.run_folder import RunFolder
from tests.kill.cases import Tree

__all__ = ["Killing", "differences", "outcome", "straight"]

# The longest that is waited for what a kill is aimed at, in seconds.
LONG = 60.0


def command(config: Path, folder: RunFolder) -> list[str]:
    return [sys.executable, "-m", "nntrain", "fit", str(config), "--resume", "--out", str(folder.path)]


def straight(config: Path, folder: RunFolder) -> float:
    """A run that nobody touches; the seconds that it took."""
    began = time.monotonic()
    done = subprocess.run(command(config, folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


class Killing:
    """Kills a run again and again until it is done, or begins another when it is, until there were ``kills``.

    ``seconds``: what the run takes when it is left alone. ``moments`` counts the kills by what they hit.
    """

    def __init__(self, config: Path, seconds: float, random: Random) -> None:
        self.config = config
        self.seconds = seconds
        self.random = random
        self.moments: Counter[str] = Counter()

    def run(self, folder: RunFolder, kills: int) -> int:
        """Kill up to so many times, then let it end; how often it was killed."""
        killed = 0
        while killed < kills:
            process = subprocess.Popen(
                command(self.config, folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
            self.aim(process, folder)
            process.send_signal(signal.SIGKILL)
            _, told = process.communicate()
            if process.returncode != -signal.SIGKILL:
                assert process.returncode == 0, told
                return killed
            killed += 1
            self.moments[hit(folder)] += 1
        straight(self.config, folder)
        return killed

    def aim(self, process: subprocess.Popen[str], folder: RunFolder) -> None:
        """Wait until the moment to kill: any from the start of the process; soon after it trains; or while it saves."""
        choice = self.random.random()
        if choice < 0.2:
            time.sleep(self.random.uniform(0, 0.4 * self.seconds))
            return
        before = trace(folder)
        wait_for(process, lambda: trace(folder) != before)
        time.sleep(self.random.uniform(0, 0.1 * self.seconds))
        if choice < 0.6:
            wait_for(process, lambda: writing(folder))
            time.sleep(self.random.uniform(0, 0.004))


def wait_for(process: subprocess.Popen[str], happened: Any) -> None:
    """Look until it happened, the process has ended, or it takes too long."""
    limit = time.monotonic() + LONG
    while process.poll() is None and not happened() and time.monotonic() < limit:
        time.sleep(0.0002)


def trace(folder: RunFolder) -> Any:
    """What changes as soon as a process trains."""
    size = folder.metrics.stat().st_size if folder.metrics.exists() else 0
    return size, checkpoints(folder)


def checkpoints(folder: RunFolder) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder.checkpoints))
    except FileNotFoundError:
        return frozenset()


def writing(folder: RunFolder) -> bool:
    """Whether a checkpoint, or a best network, is half written."""
    return any(name.endswith(".tmp") for name in checkpoints(folder))


def hit(folder: RunFolder) -> str:
    """What a process was doing when it died, as far as it left traces."""
    if writing(folder):
        return "writing a checkpoint"
    if any(folder.path.glob(".*.tmp")):
        return "writing another file"
    if not folder.list_checkpoints():
        return "before the first checkpoint"
    return "between"


def outcome(folder: RunFolder) -> Tree:
    """All that a run has come to: every array and value of its last checkpoint and best network, and its scores."""
    found: Tree = {
        "metrics.jsonl": folder.metrics.read_bytes(),
        "scores.json": json.loads(folder.scores.read_text()),
        "checkpoint": folder.list_checkpoints()[-1].name,
    }
    for path in (folder.list_checkpoints()[-1], folder.best_network):
        tree = read_checkpoint(path)
        tree.get("training", {}).pop("clock", None)
        found |= {f"{path.name}/{place}": value for place, value in leaves(tree)}
    return found


def leaves(tree: Any, place: str = "") -> Any:
    """Arrays as their bytes and values, each with its place."""
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(value, f"{place}/{key}" if place else str(key))
    else:
        yield place, (tree.dtype.str, tree.shape, tree.tobytes()) if hasattr(tree, "tobytes") else tree


def differences(first: Tree, second: Tree) -> list[str]:
    """The places where two outcomes differ."""
    return [place for place in {**first, **second} if place not in first or first[place] != second.get(place)]
