"""Files that have no end, no content, or are no files; and texts that go on and on."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from random import Random

from tests.fuzz.attacks.hdf5_attacks import Commands
from tests.fuzz.corpus import Corpus

__all__ = ["endless_keys", "special_files"]

DEVICES = ("/dev/zero", "/dev/null", "/dev/urandom", "/proc/self/environ", "/proc/self/mem")


def special_files(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Devices, sockets, folders, and a file of zeros that are not stored."""
    suffix = random.choice(("", ".csv", ".h5", ".t7", ".toml", ".parquet", ".safetensors"))
    place = folder / f"file{suffix}"
    kind = random.choice(("device", "device", "folder", "socket", "sparse", "empty", "loop"))
    if kind == "device":
        place.symlink_to(random.choice(DEVICES))
    elif kind == "folder":
        place.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(place))
    elif kind == "loop":
        place.symlink_to(place.name)
    else:
        with place.open("wb") as file:
            file.truncate(1 << 40 if kind == "sparse" else 0)
    return [
        ["check", place.name, "--target", "y"],
        ["check", place.name],
        ["fit", place.name, "--target", "y", "--out", "out"],
        ["predict", str(corpus.run("iris")), place.name],
        ["predict", place.name, str(corpus.data("iris"))],
        ["show", place.name],
        ["convert", place.name, "out.h5"],
        ["evaluate", str(corpus.run("iris")), place.name],
    ]


def endless_keys(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Keys of a config with thousands of parts, tables in tables, and long numbers."""
    count = random.choice((100, 20_000, 100_000))
    texts = (
        f"[data]\n{'.'.join('a' * count)} = 1\n",
        f"[{'.'.join('a' * count)}]\nx = 1\n",
        f"data = {'{a=' * count}1{'}' * count}\n",
        f"[model]\nmodules = {'[' * count}{']' * count}\n",
        f"[train]\nepochs = {'9' * count}\n",
        f"[train]\n{'a' * count} = 1\n",
        "[train]\n" + "".join(f"a{index} = 1\n" for index in range(count)),
        "[model]\nmodules = [" + "{type='Linear'}," * count + "]\n",
    )
    (folder / "config.toml").write_text(random.choice(texts))
    key = random.choice((".".join("a" * count), "train." + "x" * count))[:100_000]
    rows = str(corpus.data("iris"))
    return [
        ["check", "config.toml"],
        ["fit", "config.toml", "--out", "out"],
        ["check", rows, "--target", "species", "--set", f"{key}=1"],
        ["check", rows, "--target", "species", "--set", f"train.epochs={'[' * min(count, 20_000)}"],
    ]
