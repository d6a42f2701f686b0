"""Raw rows go into an exported network as they go into ``nntrain predict``, and the same comes out."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import onnx
import pytest

from tests.onnx.asked import agree, exported

COUNT = 240
Row = dict[str, Any]

# Columns of every kind; with missing values and without.
INPUTS = ("size", "weight", "late", "flag", "maybe", "answer", "colour", "town", "code", "day", "moment", "clock")
TARGETS = ("kind", "hot", "wet", "price", "cost", "tags")

# How some columns are to be taken.
DECLARED = (
    'data.columns.town.encoding="index"',
    'data.columns.code={type="category", encoding="index"}',
    'data.columns.answer.type="boolean"',
    'data.label_separator="|"',
)


def row(n: int, draw: np.random.Generator) -> Row:
    """One that was trained on."""
    size = round(draw.normal(), 3)
    return {
        "size": size,
        "weight": "" if n % 7 == 0 else round(draw.normal(50, 9), 2),
        "late": 1_700_000_000 + int(draw.integers(1000)),
        "flag": ["true", "false"][n % 2],
        "maybe": ["true", "false", "NA"][n % 3],
        "answer": ["yes", "no"][n // 2 % 2],
        "colour": "once" if n == 11 else ["red", "green", "", "blau, hell"][n % 4],
        "town": "alone" if n == 12 else f"town {n % 9}" if n % 10 else "",
        "code": n % 5,
        "day": str(np.datetime64("1999-11-05") + n * 3),
        "moment": "" if n % 11 == 0 else str(np.datetime64("2023-02-03T04:05:06") + n * 54321).replace("T", " "),
        "clock": f"{n % 24:02}:{n * 7 % 60:02}",
        "kind": ["low", "middle", "high"][int(np.digitize(size, [-0.5, 0.5]))],
        "hot": ["no", "yes"][size > 0],
        "wet": n % 2,
        "price": round(1000 + 300 * size + draw.normal(), 2),
        "cost": round(draw.normal(), 3),
        "tags": "|".join(["a"] * (size > 0) + ["b"] * (n % 2)),
    }


# What was not in the training rows.
ODD: tuple[Row, ...] = (
    {"size": 1e9, "weight": -1e9, "colour": "violet", "town": "Atlantis", "code": 77, "day": "1899-12-31"},
    dict.fromkeys(INPUTS, ""),
    {"colour": "once", "town": "alone", "maybe": "", "day": "2000-02-29", "moment": "1969-12-31 23:59:59.5"},
    {"size": "", "flag": "", "answer": "", "day": "2100-03-01", "moment": "2024-12-31 00:00:00", "clock": "23:59:59"},
    {"colour": " red ", "day": "1600-01-01", "moment": "1970-01-01"},
)


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*INPUTS, *TARGETS])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Rows to train on, and others."""
    monkeypatch.chdir(tmp_path)
    draw = np.random.default_rng(5)
    new = [row(n, draw) for n in range(COUNT, COUNT + 40)]
    odd = [row(n, draw) | other for n, other in enumerate(ODD)]
    return write(Path("rows.csv"), [row(n, draw) for n in range(COUNT)]), write(Path("new.csv"), [*new, *odd])


def aimed(*targets: str) -> list[str]:
    """The settings for some targets; the others are left out."""
    rest = [name for name in TARGETS if name not in targets]
    declared = [setting for setting in DECLARED if "separator" not in setting or "tags" in targets]
    return [f"data.target={json.dumps(targets if len(targets) > 1 else targets[0])}", f"data.ignore={rest}", *declared]


LAYERS = 'model.modules=[{type="Linear", output_size=4}, {type="Tanh"}, {type="Linear"}, {type="Sigmoid"}]'
WITHOUT_INDICES = ('data.columns.town.encoding="one_hot"', 'data.columns.code={type="category"}')


@pytest.mark.parametrize(
    "settings",
    [
        aimed("kind"),
        aimed("hot"),
        [*aimed("hot"), *WITHOUT_INDICES, LAYERS, 'criterion.type="BCECriterion"'],
        [*aimed("hot"), 'data.positive="no"', "train.threshold=0.4"],
        [*aimed("hot"), "train.threshold=f1", *WITHOUT_INDICES, LAYERS, 'criterion.type="BCECriterion"'],
        [*aimed("hot", "wet"), "train.threshold=f1"],
        [*aimed("kind"), 'criterion.type="MultiMarginCriterion"'],
        aimed("price"),
        aimed("price", "cost"),
        aimed("hot", "wet"),
        [*aimed("hot", "wet"), *WITHOUT_INDICES, LAYERS, 'criterion.type="BCECriterion"'],
        aimed("tags"),
        [*aimed("price"), 'data.number_scaling="standard"'],
        [*aimed("kind"), 'data.number_scaling="quantile"'],
    ],
    ids=[
        "classes",
        "two classes",
        "bce",
        "threshold",
        "bce threshold",
        "thresholds",
        "margin",
        "number",
        "numbers",
        "labels",
        "labels by bce",
        "lists",
        "standard",
        "quantile",
    ],
)
def test_a_table_of_all_kinds_of_columns(tables: tuple[Path, Path], settings: list[str]) -> None:
    made = exported(tables[0], *settings)
    assert sorted(given.name for given in made.get_inputs()) == sorted(INPUTS)
    assert len({tuple(np.ravel(value)) for value in agree(made, tables[1]).values()}) == len(made.get_outputs())


# Criterions that read outputs through a module, or as others do.
BCE, MSE, SIGMOID = '{type="BCECriterion"}', '{type="MSECriterion"}', 'criterion.input_module={type="Sigmoid"}'
THROUGH = f'{{type="ModuleCriterion", criterion={BCE}, input_module={{type="Sigmoid"}}}}'


@pytest.mark.parametrize(
    "settings",
    [
        [*aimed("hot"), 'criterion.type="MultiLabelSoftMarginCriterion"'],
        [*aimed("kind"), 'criterion.type="ClassSimplexCriterion"', "criterion.n_classes=3"],
        [*aimed("hot"), 'criterion.type="ModuleCriterion"', f"criterion.criterion={BCE}", SIGMOID],
        [*aimed("hot"), 'criterion.type="MultiCriterion"', f"criterion.criterions=[{THROUGH}, {MSE}]"],
        [*aimed("price"), 'criterion.type="ModuleCriterion"', f"criterion.criterion={MSE}", SIGMOID],
    ],
    ids=["one logit", "simplex", "module", "several", "numbers through a module"],
)
def test_outputs_are_read_as_the_criterion_reads_them(tables: tuple[Path, Path], settings: list[str]) -> None:
    agree(exported(tables[0], *settings), tables[1])


def test_codes_alone_are_inputs_too(tables: tuple[Path, Path]) -> None:
    kept = [name for name in INPUTS if name not in ("town", "colour")]
    made = exported(
        tables[0],
        'data.target="kind"',
        f"data.ignore={[*kept, *TARGETS[1:]]}",
        'data.columns.town.encoding="index"',
        'data.columns.colour.encoding="index"',
    )
    assert [given.type for given in made.get_inputs()] == ["tensor(string)"] * 2
    agree(made, tables[1])


def test_a_column_may_have_the_name_of_an_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    draw = np.random.default_rng(1)
    lines = [f"{a:.3f},{b:.3f},{'x' if a > 0 else 'y'}" for a, b in draw.normal(size=(60, 2))]
    path = Path("named.csv")
    path.write_text("\n".join(["prediction,probabilities,kind", *lines]))
    made = exported(path, 'data.target="kind"')
    assert [output.name for output in made.get_outputs()] == ["prediction_", "probabilities_"]
    agree(made, path)


IMAGES = 'model.modules=[{type="SpatialConvolution", n_output_plane=2, kw=3, kh=3}, {type="View", size=[72]}, '
TAIL = '{type="Linear"}]'


@pytest.mark.parametrize(
    ("shape", "kind", "targets", "settings"),
    [
        ((1, 8, 8), np.uint8, "classes", [IMAGES + TAIL]),
        ((1, 8, 8), np.float32, "classes", [IMAGES + TAIL]),
        ((8, 8, 3), np.uint8, "classes", [IMAGES + TAIL, 'data.dims="NHWC"']),
        ((2, 5), np.float64, "number", []),
        ((4,), np.float64, "numbers", []),
        ((4,), np.int64, "labels", []),
        ((), np.float32, "classes", []),
    ],
)
def test_arrays(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shape: tuple[int, ...],
    kind: type,
    targets: str,
    settings: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    draw = np.random.default_rng(6)
    x = draw.integers(0, 256, (120, *shape)) if kind is np.uint8 else draw.normal(1e6, 3, (120, *shape))
    score = x.reshape(120, -1).astype(float).mean(axis=1)
    score -= score.mean()
    t = {
        "classes": (score > 0).astype(np.int64),
        "number": 50 + score,
        "numbers": np.stack([score, 9 - score], axis=1),
        "labels": np.stack([score > 0, score > 1, score < 0], axis=1),
    }[targets]
    with h5py.File("arrays.h5", "w") as file:
        file["inputs"], file["targets"] = x.astype(kind), t
    made = exported("arrays.h5", *settings)
    assert [given.name for given in made.get_inputs()] == ["inputs"]
    agree(made, Path("arrays.h5"))


def test_the_file_shows_what_goes_in_and_out(tables: tuple[Path, Path]) -> None:
    exported(tables[0], *aimed("kind"), epochs=1)
    model = onnx.load("run.onnx")
    told = {value.name: value.doc_string for value in [*model.graph.input, *model.graph.output]}
    assert told["weight"] == "a number, NaN where missing"
    assert told["town"] == "a string, empty where missing"
    assert told["moment"] == "seconds since 1970-01-01 00:00, NaN where missing"
    assert told["maybe"] == "1 for true, 0 for false, NaN where missing"
    metadata = {entry.key: json.loads(entry.value) for entry in model.metadata_props}
    assert metadata == {"target": ["kind"], "labels": ["high", "low", "middle"]}
    assert model.producer_name == "nntrain"
