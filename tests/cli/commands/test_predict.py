"""Predictions go where they are asked to, beside the columns that are kept."""

import csv
import io
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import h5py
import pytest

from nntrain.explanation import integrated_gradients

Command = Callable[..., Any]


@pytest.fixture
def trained(nntrain: Command, iris: Path) -> str:
    assert nntrain("fit", iris, "--target", "species", "--set", "train.epochs=2").code == 0
    return "runs/iris"


@pytest.fixture
def keyed(iris: Path, tmp_path: Path) -> Path:
    """The rows of iris with a key that is a number, a key with odd letters, and nothing in some places."""
    path = tmp_path / "keyed.csv"
    rows = list(csv.reader(iris.read_text().splitlines()))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*rows[0], "id", 'a/"b'])
        writer.writerows([*row, number, "NA" if number % 7 else ""] for number, row in enumerate(rows[1:]))
    return path


def expected(nntrain: Command, trained: str, data: Path) -> list[list[str]]:
    return list(csv.reader(nntrain("predict", trained, data).out.splitlines()))


def test_kept_columns_stand_before_the_predictions_as_they_are_in_the_file(
    nntrain: Command, trained: str, keyed: Path
) -> None:
    rows = list(csv.reader(nntrain("predict", trained, keyed, "--with", "id", "--with", 'a/"b').out.splitlines()))
    bare = expected(nntrain, trained, keyed)
    assert [row[2:] for row in rows] == bare
    assert rows[0][:2] == ["id", 'a/"b']
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(150)]
    assert [row[1] for row in rows[1:9]] == ["", *["NA"] * 6, ""]


def test_the_truth_can_be_kept_beside_the_prediction(nntrain: Command, trained: str, iris: Path) -> None:
    out = nntrain("predict", trained, iris, "--with", "species").out
    assert out.startswith("species,predicted species,p(setosa)")


@pytest.mark.parametrize("form", ["csv", "parquet", "h5"])
def test_every_form_of_file_holds_the_same(
    form: str, nntrain: Command, trained: str, keyed: Path, tmp_path: Path
) -> None:
    assert nntrain("predict", trained, keyed, "--with", 'a/"b', "-o", f"out.{form}").code == 0
    bare = expected(nntrain, trained, keyed)
    columns = read(tmp_path / f"out.{form}")
    assert list(columns)[:2] == ['a/"b', "species"]
    assert columns["species"] == [row[0] for row in bare[1:]]
    assert [float(p) for p in columns["p(setosa)"]] == [float(row[1]) for row in bare[1:]]
    assert {str(value or "") for value in columns['a/"b']} == {"", "NA"}


def read(path: Path) -> dict[str, list[Any]]:
    if path.suffix == ".h5":
        with h5py.File(path) as file:
            found = {item.attrs["name"]: item for item in file.values()}
            names = sorted(found, key=lambda name: ['a/"b', "species", name].index(name))
            return {n: (found[n].asstr()[:] if found[n].dtype.kind == "O" else found[n][:]).tolist() for n in names}
    table = duckdb.sql(f"SELECT * FROM '{path}'")
    return dict(zip(table.columns, map(list, zip(*table.fetchall(), strict=True)), strict=True))


def test_parquet_keeps_the_type_of_a_key(nntrain: Command, trained: str, keyed: Path, tmp_path: Path) -> None:
    duckdb.sql(f"COPY (SELECT *, DATE '2024-02-29' AS day FROM '{keyed}') TO '{tmp_path}/keyed.parquet'")
    outcome = nntrain(*("predict", trained, "keyed.parquet", "--with", "id", "--with", "day", "-o", "out.parquet"))
    assert outcome.code == 0, outcome.err
    table = duckdb.sql(f"SELECT id, day FROM '{tmp_path}/out.parquet'")
    assert [str(kind) for kind in table.types] == ["BIGINT", "DATE"]
    assert table.fetchall()[149][0] == 149


KEPT = """n,big,price,flag,day,code,gap,comma
1,9007199254740993,1.50,true,2021-01-02 03:04:05,007,1,"3,5"
-2, 9007199254740995 ,2e3,false,2022-02-03,010,,"4,25"
"""


def test_kept_columns_of_text_files_keep_texts_in_csv_and_values_in_parquet(
    nntrain: Command, trained: str, iris: Path, tmp_path: Path
) -> None:
    flowers = iris.read_text().splitlines()[:3]
    pairs = zip(flowers, KEPT.splitlines(), strict=True)
    (tmp_path / "kept.csv").write_text("".join(f"{flower},{kept}\n" for flower, kept in pairs))
    names = KEPT.splitlines()[0].split(",")
    asked = [word for name in names for word in ("--with", name)]
    rows = list(csv.reader(nntrain("predict", trained, "kept.csv", *asked).out.splitlines()))
    assert [row[:8] for row in rows] == list(csv.reader(KEPT.splitlines()))
    assert nntrain("predict", trained, "kept.csv", *asked, "-o", "out.parquet").code == 0
    assert duckdb.sql(f"SELECT {', '.join(names)} FROM '{tmp_path}/out.parquet'").fetchall() == [
        (1, 2**53 + 1, 1.5, True, datetime(2021, 1, 2, 3, 4, 5), "007", 1, 3.5),
        (-2, 2**53 + 3, 2000.0, False, datetime(2022, 2, 3), "010", None, 4.25),
    ]


def test_parquet_keeps_every_type_exactly(nntrain: Command, trained: str, iris: Path, tmp_path: Path) -> None:
    kept = "9007199254740993::BIGINT AS a, 12345678901234567.89::DECIMAL(19,2) AS b, true AS c, 0.1::FLOAT AS d, "
    kept += "TIMESTAMPTZ '2021-03-04 05:06:07.000001+02' AS e, NULL::INTEGER AS f, 'x' AS g"
    duckdb.sql(f"COPY (SELECT *, {kept} FROM '{iris}') TO '{tmp_path}/kept.parquet'")
    asked = [word for name in "abcdefg" for word in ("--with", name)]
    assert nntrain("predict", trained, "kept.parquet", *asked, "-o", "out.parquet").code == 0
    query = "SELECT DISTINCT a, b, c, d, epoch_us(e), f, g FROM '{}'"
    before, after = (duckdb.sql(query.format(tmp_path / name)) for name in ("kept.parquet", "out.parquet"))
    assert [str(kind) for kind in after.types] == [str(kind) for kind in before.types]
    assert after.fetchall() == before.fetchall()


def test_rows_come_through_a_pipe(
    nntrain: Command, trained: str, iris: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    duckdb.sql(f"COPY (SELECT * FROM '{iris}') TO '{tmp_path}/iris.parquet'")
    duckdb.sql(f"COPY (SELECT * FROM '{iris}') TO '{tmp_path}/iris.json'")
    bare = nntrain("predict", trained, iris).out
    for path in (iris, tmp_path / "iris.parquet", tmp_path / "iris.json"):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(path.read_bytes())))
        assert nntrain("predict", trained, "-").out == bare
    assert nntrain("predict", trained, iris, "-o", "-").out == bare


def test_a_bad_pipe_is_shown_by_its_name(nntrain: Command, trained: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"")))
    outcome = nntrain("predict", trained, "-")
    assert (outcome.code, outcome.err) == (3, "Error: stdin: the file is empty\n")


def test_what_cannot_be_written_or_kept_is_reported_at_once(
    nntrain: Command, trained: str, iris: Path, tmp_path: Path
) -> None:
    outcome = nntrain("predict", trained, iris, "-o", "out.xlsx")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert ".parquet" in outcome.err
    for place in ("gone/out.csv", "runs"):
        outcome = nntrain("predict", trained, iris, "-o", place)
        assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    outcome = nntrain("predict", trained, iris, "-o", "out.csv", "--with", "specie")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)
    assert "did you mean 'species'?" in outcome.err
    assert not list(tmp_path.glob("*out*"))


def test_contributions_are_columns_that_sum_up_to_the_prediction(
    nntrain: Command, trained: str, keyed: Path, tmp_path: Path
) -> None:
    plain = list(csv.reader(nntrain("predict", trained, keyed, "--with", "id").out.splitlines()))
    outcome = nntrain("predict", trained, keyed, "--with", "id", "--explain")
    assert outcome.err == ""
    rows = list(csv.reader(outcome.out.splitlines()))
    assert [row[: len(plain[0])] for row in rows] == plain
    names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert rows[0][len(plain[0]) :] == ["explained", "baseline", *(f"contribution({name})" for name in names)]
    for row in csv.DictReader(outcome.out.splitlines()):
        parts = [float(row["baseline"]), *(float(row[f"contribution({name})"]) for name in names)]
        assert row["explained"] == f"p({row['species']})"
        assert sum(parts) == pytest.approx(float(row[row["explained"]]), abs=1e-3)


@pytest.mark.parametrize("form", ["parquet", "h5"])
def test_contributions_are_in_every_form_of_file(
    form: str, nntrain: Command, trained: str, iris: Path, tmp_path: Path
) -> None:
    assert nntrain("predict", trained, iris, "--explain", "-o", f"out.{form}").code == 0
    rows = list(csv.DictReader(nntrain("predict", trained, iris, "--explain").out.splitlines()))
    columns = read(tmp_path / f"out.{form}")
    assert columns["explained"] == [row["explained"] for row in rows]
    name = "contribution(petal_width)"
    assert [float(value) for value in columns[name]] == [float(row[name]) for row in rows]


def test_a_prediction_with_the_name_of_a_contribution_is_refused(nntrain: Command, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("x,baseline\n" + "".join(f"{n % 7},{n % 3}.5\n" for n in range(60)))
    options = ("--target", "baseline", "--set", "train.epochs=1", "--no-report")
    assert nntrain("fit", "rows.csv", *options).code == 0
    outcome = nntrain("predict", "runs/rows", "rows.csv", "--explain", "-o", "out.csv")
    assert outcome.code == 2
    assert outcome.err.endswith(
        "Error: --explain: a prediction has the name of its column 'baseline'; remove the option\n"
    )
    assert not (tmp_path / "out.csv").exists()


def test_images_have_no_columns_to_explain(nntrain: Command, iris: Path) -> None:
    digits = iris.with_name("digits.h5")
    assert nntrain("fit", digits, "--set", "train.epochs=1", "--out", "run", "--no-report").code == 0
    outcome = nntrain("predict", "run", digits, "--explain")
    assert outcome.code == 2
    assert "--explain: expected inputs that are columns, got images" in outcome.err


def test_rows_whose_contributions_are_inexact_are_counted(
    nntrain: Command, trained: str, iris: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrated_gradients, "TOLERANCE", 0.0)
    monkeypatch.setattr(integrated_gradients, "MAX_HALVINGS", 0)
    outcome = nntrain("predict", trained, iris, "--explain")
    assert "of 150 rows the contributions and the baseline sum up to the prediction with an error" in outcome.err
