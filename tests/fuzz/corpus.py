"""What is mutated: checkpoints, files of rows and configs as nntrain writes and reads them."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import duckdb
import h5py
import numpy as np

from nntrain.cli.main import run_command
from tests.paths import ROOT

__all__ = ["ROWS", "Corpus"]

IRIS = ROOT / "datasets" / "iris.csv"

# The forms in which there are rows of iris without their species, and others that look the same.
ROWS = (".csv", ".csv.gz", ".tsv", ".parquet", ".jsonl")

# The rows that each run learns from.
DATA = {"iris": "iris.csv", "mixed": "mixed.csv", "images": "images.h5", "vectors": "vectors.h5"}

CONFIGS = {
    "iris": """[data]
path = "iris.csv"
target = "species"
validation = 0.2
test = 0.1

[model]
modules = [
    { type = "Linear", output_size = 6 },
    { type = "BatchNormalization" },
    { type = "ConcatTable", modules = [{ type = "Tanh" }, { type = "Dropout", p = 0.2 }] },
    { type = "CAddTable" },
    { type = "Linear" },
]

[optimizer]
type = "adam"
learning_rate = 0.01

[schedule]
type = "plateau"
patience = 2

[train]
epochs = 9
max_steps = 20
batch_size = 16
accumulate = 2
ema = 0.9
clip_norm = 1.0
metrics = ["accuracy", "pr_auc"]
""",
    "mixed": """[data]
path = "mixed.csv"
target = "price"
sample_weight = "w"
ignore = ["key"]
one_hot_limit = 5

[data.columns]
size = { type = "number" }
street = { type = "category", encoding = "index" }

[model]
hidden = [8, 4]
activation = "RReLU"
dropout = 0.1

[criterion]
type = "SmoothL1Criterion"

[optimizer]
type = "sgd"
learning_rate = 0.01
momentum = 0.9

[schedule]
type = "cosine"
warm_up = 0.1

[train]
epochs = 9
max_steps = 7
batch_size = 8
l2 = 1e-4
metrics = ["r2", "mae"]
""",
    "images": """[data]
path = "images.h5"

[model]
modules = [
    { type = "Unsqueeze", dim = 0, n_input_dims = 2 },
    { type = "SpatialConvolution", n_output_plane = 3, kw = 3, kh = 3 },
    { type = "ReLU" },
    { type = "SpatialMaxPooling", kw = 2, kh = 2 },
    { type = "Reshape", size = [12] },
    { type = "Linear" },
]

[train]
epochs = 9
max_steps = 5
batch_size = 10
patience = 2
""",
    "vectors": """[data]
path = "vectors.h5"

[model]
hidden = [5]

[optimizer]
type = "lbfgs"
max_iter = 3

[train]
epochs = 9
max_steps = 5
batch_size = 10
metrics = ["f1", "calibration_error", "roc_auc", "confusion_matrix"]
""",
}


class Corpus:
    """Files in a folder, which is the working folder of whoever tries what is made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Write the rows and the configs, and train a network with each."""
        shutil.copy(IRIS, self.folder / "iris.csv")
        (self.folder / "mixed.csv").write_text(mixed_rows(), encoding="utf-8")
        write_arrays(self.folder)
        for name, text in CONFIGS.items():
            (self.folder / f"{name}.toml").write_text(text, encoding="utf-8")
            self.command("fit", f"{name}.toml", "--out", f"run-{name}")
            self.command("convert", f"run-{name}", f"{name}.t7")
            self.command("convert", f"run-{name}", f"{name}.safetensors")
        self.command("convert", "mixed.csv", "mixed-table.h5", "--target", "price")
        write_forms(self.folder)
        self.command("predict", "run-iris", "iris-rows.csv", "-o", "iris-predicted.csv")
        self.command(*self.streamed("cache"), "--out", "run-streamed")

    def command(self, *arguments: str) -> None:
        if run_command(list(arguments)):
            raise AssertionError(f"nntrain {' '.join(arguments)} does not work")

    def streamed(self, cache: str) -> list[str]:
        """The command that trains on rows in a cache, from the folder in which it lies."""
        return [
            *("fit", str(self.data("iris").resolve()), "--target", "species"),
            *("--set", "data.stream=true", "--set", f"data.cache='{cache}'"),
            *("--set", "train.max_steps=2", "--set", "train.epochs=1"),
        ]

    def run(self, name: str) -> Path:
        """A run folder, stopped before its end."""
        return self.folder / f"run-{name}"

    def data(self, name: str) -> Path:
        """The rows of a run."""
        return self.folder / DATA[name]


def mixed_rows() -> str:
    """Columns of every kind, with missing values."""
    random = Random(3)
    draw: tuple[Callable[[int], object], ...] = (
        lambda row: row,
        lambda row: "" if row % 9 == 4 else round(random.gauss(3, 2), 3),
        lambda row: random.choice(("red", "green", "blue", "")),
        lambda row: f"street {random.randrange(12)}",
        lambda row: random.choice(("true", "false")),
        lambda row: f"2026-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}",
        lambda row: random.choice((1, 2, 0.5)),
        lambda row: round(random.gauss(100, 20), 2),
    )
    rows = [",".join(str(cell(row)) for cell in draw) for row in range(60)]
    return "\n".join(["key,size,colour,street,old,sold,w,price", *rows]) + "\n"


def write_forms(folder: Path) -> None:
    """Rows of iris in several forms, and others of the same columns, which must not be read for them."""
    with duckdb.connect() as connection:
        features = "SELECT * EXCLUDE species FROM read_csv('iris.csv')"
        others = f"SELECT 9.0 - COLUMNS(*) FROM ({features}) LIMIT 20"
        for name, query in (("iris-rows", features), ("others", others)):
            forms = ((".csv", "csv, HEADER"), (".tsv", "csv, HEADER, DELIMITER '\t'"), (".parquet", "parquet"))
            for suffix, form in forms:
                connection.execute(f"COPY ({query}) TO '{name}{suffix}' (FORMAT {form})")
            connection.execute(f"COPY ({query}) TO '{name}.jsonl' (FORMAT json)")
            (folder / f"{name}.csv.gz").write_bytes(gzip.compress((folder / f"{name}.csv").read_bytes()))


def write_arrays(folder: Path) -> None:
    """Vectors as h5py stores them by itself; images in compressed pieces and in groups."""
    generator = np.random.default_rng(4)
    with h5py.File(folder / "vectors.h5", "w") as file:
        file["x"] = generator.standard_normal((60, 5), np.float32)
        file["y"] = generator.integers(3, size=60)
    with h5py.File(folder / "images.h5", "w") as file:
        for part, rows in (("train", 40), ("test", 12)):
            images = generator.integers(256, size=(rows, 6, 6), dtype=np.uint8)
            file.create_dataset(f"{part}/data", data=images, chunks=(8, 6, 6), compression="gzip", shuffle=True)
            file[f"{part}/label"] = generator.integers(2, size=rows)
            file[f"{part}/name"] = [f"image {row}" for row in range(rows)]
