"""One case: a file made from a good one, and a command that reads it. All follows from the seed and a number."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import tomli_w

from tests.fuzz.attacks.attack import ATTACKS
from tests.fuzz.byte_mutations import mutated_bytes
from tests.fuzz.corpus import CONFIGS, DATA, Corpus
from tests.fuzz.csv_mutations import mutated_cells, mutated_rows
from tests.fuzz.hdf5_mutations import mutate_structure, mutate_values
from tests.fuzz.json_mutations import mutated_json
from tests.fuzz.network_mutations import mutated_safetensors, mutated_torch7
from tests.fuzz.signing import rewrite, sign

__all__ = ["WAYS", "Case"]

KINDS = ("checkpoint", "arrays", "table", "csv", "config", "torch7", "safetensors")
MUTATIONS = ("bytes", "structure", "values")

# Kinds of files with what is done to them, in the order of cases.
WAYS = (
    *((kind, mutation) for mutation in MUTATIONS for kind in KINDS),
    *(("attack", name) for name in ATTACKS),
)

# A command that reads at most a few rows for a few steps, whatever the file says.
SHORT = ("--set", "train.max_steps=2", "--set", "train.epochs=1", "--max-time", "5s", "--out", "out", "--force")

QUICK = ("show", "predict", "evaluate")

# The commands that a file may be read by, of which one is tried.
Commands = list[list[str]]


@dataclass(frozen=True)
class Case:
    """What is mutated, and how. ``quick``: by a command that only reads the file."""

    seed: int
    number: int
    kind: str
    mutation: str
    quick: bool = False

    @classmethod
    def of(cls, seed: int, number: int, *, quick: bool = False) -> Case:
        """Kinds and mutations take turns, so that there are as many of each."""
        return cls(seed, number, *WAYS[number % len(WAYS)], quick)

    def prepare(self, corpus: Corpus, folder: Path) -> list[str]:
        """Write the file into an empty folder, and return the arguments of ``nntrain``, as from inside ``folder``."""
        random = Random(f"{self.seed} {self.number}")
        if self.kind == "attack":
            commands = ATTACKS[self.mutation](corpus, folder, random)
        else:
            commands = PREPARE[self.kind](self.mutation, corpus, folder, random)
        return random.choice([command for command in commands if not self.quick or command[0] in QUICK] or commands)


def checkpoint(mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A best network, or the last checkpoint of a run that goes on."""
    name = random.choice(list(DATA))
    best = random.random() < 0.5
    shutil.copytree(corpus.run(name), folder / "run")
    path = (
        "run/best.h5" if best else f"run/checkpoints/{max((corpus.run(name) / 'checkpoints').glob('step-*.h5')).name}"
    )
    mutate_hdf5(folder / path, mutation, random)
    uses = [
        ["show", path],
        ["predict", path, str(corpus.data(name)), "-o", "out.csv"],
        ["evaluate", path, str(corpus.data(name))],
    ]
    return uses if best else [*uses, *[["resume", "run", "--set", "train.max_steps=23"]] * 6]


def arrays(mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Rows as arrays."""
    return rows_in_hdf5(random.choice(("vectors", "images")), "rows.h5", mutation, corpus, folder, random)


def table(mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Rows as ``nntrain convert`` writes them."""
    return rows_in_hdf5("mixed", "mixed-table.h5", mutation, corpus, folder, random)


def rows_in_hdf5(name: str, source: str, mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A file of rows that HDF5 reads."""
    file = folder / "rows.h5"
    shutil.copy(corpus.data(name) if source == "rows.h5" else corpus.folder / source, file)
    mutate_hdf5(file, mutation, random)
    return reading(file.name, name, corpus, random)


def csv(mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Rows as text."""
    name = random.choice(("iris", "mixed"))
    content = corpus.data(name).read_bytes()
    rows = [line.split(",") for line in content.decode().splitlines()]
    ways: dict[str, Callable[[], bytes]] = {
        "bytes": lambda: mutated_bytes(content, random),
        "structure": lambda: mutated_rows(rows, random),
        "values": lambda: mutated_cells(rows, random),
    }
    (folder / "rows.csv").write_bytes(ways[mutation]())
    return reading("rows.csv", name, corpus, random)


def reading(file: str, name: str, corpus: Corpus, random: Random) -> Commands:
    """Commands that learn from a file of rows, or use a network on it."""
    target = target_of(name) if file.endswith(".csv") else []
    streamed = random.choice(([], [], ["--set", "data.stream=true", "--set", "data.cache='cache'"]))
    commands = [
        ["fit", file, *target, *streamed, *SHORT],
        ["check", file, *target],
        ["predict", str(corpus.run(name)), file, "-o", random.choice(("out.csv", "out.h5"))],
        ["evaluate", str(corpus.run(name)), file],
    ]
    return [*commands, ["convert", file, "out.h5"]] if target else commands


def target_of(name: str) -> list[str]:
    """The option that names what rows as text are to tell."""
    targets = {"iris": "species", "mixed": "price"}
    return ["--target", targets[name]] if name in targets else []


def config(mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A config, beside its rows."""
    name = random.choice(list(CONFIGS))
    content = (CONFIGS[name]).encode()
    if mutation == "bytes":
        content = mutated_bytes(content, random)
    else:
        tree = tomllib.loads(CONFIGS[name])
        content = toml(mutated_json(tree, random, structure=mutation == "structure"))
    (folder / "config.toml").write_bytes(content)
    (folder / DATA[name]).symlink_to(corpus.data(name).resolve())
    return [["check", "config.toml"], ["fit", "config.toml", *SHORT]]


def torch7(mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A network as Torch7 keeps it."""
    return network("t7", mutated_torch7, mutation, corpus, folder, random)


def safetensors(mutation: str, corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A network as safetensors."""
    return network("safetensors", mutated_safetensors, mutation, corpus, folder, random)


def network(
    suffix: str,
    mutated: Callable[[bytes, str, Random], bytes],
    mutation: str,
    corpus: Corpus,
    folder: Path,
    random: Random,
) -> Commands:
    """A network of another program, shown, converted, used and trained on."""
    name = random.choice(list(DATA))
    file = f"network.{suffix}"
    (folder / file).write_bytes(mutated((corpus.folder / f"{name}.{suffix}").read_bytes(), mutation, random))
    rows = str(corpus.data(name))
    return [
        ["show", file],
        ["convert", file, random.choice(("out.h5", "out.t7", "out.safetensors"))],
        ["predict", file, str(corpus.data("vectors")), "-o", "out.csv"],
        ["fit", rows, *target_of(name), "--set", f"model.from='{file}'", *SHORT],
    ]


def toml(tree: Any) -> bytes:
    """A tree as TOML, without what TOML cannot say."""
    try:
        return tomli_w.dumps(without_none(tree)).encode("utf-8", "surrogatepass")
    except RecursionError:
        return b"a = " + b"[" * 5000 + b"]" * 5000
    except (AttributeError, TypeError, ValueError):
        return repr(tree).encode("utf-8", "surrogatepass")


def without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value if item is not None] if isinstance(value, list) else value


def mutate_hdf5(path: Path, mutation: str, random: Random) -> None:
    """Change an HDF5 file. The checksums of a checkpoint are mostly made to fit again, as by one who means harm."""
    if mutation == "bytes":
        if random.random() < 0.5:
            rewrite(path)
        path.write_bytes(mutated_bytes(path.read_bytes(), random))
        return
    {"structure": mutate_structure, "values": mutate_values}[mutation](path, random)
    if random.random() < 0.8:
        sign(path)


PREPARE: dict[str, Callable[[str, Corpus, Path, Random], Commands]] = {
    "checkpoint": checkpoint,
    "arrays": arrays,
    "table": table,
    "csv": csv,
    "config": config,
    "torch7": torch7,
    "safetensors": safetensors,
}
