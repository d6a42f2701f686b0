"""Predictions that a spreadsheet opens as text, whatever the classes and the columns are called."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.data.writers.csv_writer import escape_formula

Command = Callable[..., Any]

# OWASP's list of what begins a formula; each with an apostrophe in front.
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "\uff1d1+1",
    "\uff0b1+cmd",
    "\uff0d2+3",
    "\uff20SUM(1)",
    " \uff1d1",
    "\ufe661+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\x00=1+1",
    "\t5",
    "\r5",
    "\n5",
    "-",
    "-x",
    "-inf",
    "+49 30 1234",
    "-1.5.2",
]
PLAIN = ["setosa", "-1.5", "+3", "-.5", "-2e-10", "1e5", "", "a=b", "'=x", "p(=x)", "3-4", "x@y.z", "٣"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert escape_formula(text) == "'" + text


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_and_other_text_stay(text: str) -> None:
    assert escape_formula(text) == text


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A class, columns and cells that are formulas."""
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["x", "=id", "note", "=kind"])
        for number in range(60):
            kind = "=cmd|' /C calc'!A0" if number % 2 else "plain"
            writer.writerow([number % 2, -number / 2, "+note" if number % 3 else "-1.5", kind])
    return path


@pytest.fixture
def run(nntrain: Command, rows: Path) -> str:
    columns = ("--set", 'data.ignore=["=id", "note"]', "--set", "train.epochs=30", "--set", "data.test=0")
    outcome = nntrain("fit", rows, "--target", "=kind", *columns, "--out", "run")
    assert outcome.code == 0, outcome.err
    return "run"


KEPT = ("--with", "=id", "--with", "note")


def test_names_and_cells_are_safe_and_numbers_are_numbers(nntrain: Command, run: str, rows: Path) -> None:
    exact = list(csv.reader(nntrain("predict", run, rows, *KEPT).out.splitlines()))
    safe = list(csv.reader(nntrain("predict", run, rows, *KEPT, "--safe-csv").out.splitlines()))
    assert exact[0] == ["=id", "note", "=kind", "p(=cmd|' /C calc'!A0)", "p(plain)"]
    assert safe[0] == ["'=id", "note", "'=kind", "p(=cmd|' /C calc'!A0)", "p(plain)"]
    assert exact[2][:3] == ["-0.5", "+note", "=cmd|' /C calc'!A0"]
    assert safe[2][:3] == ["-0.5", "'+note", "'=cmd|' /C calc'!A0"]
    assert [row[0] for row in safe[1:]] == [row[0] for row in exact[1:]]
    assert [row[3:] for row in safe[1:]] == [row[3:] for row in exact[1:]]
    assert {row[1] for row in safe[1:]} == {"'+note", "-1.5"}


def test_a_file_is_written_as_safe(nntrain: Command, run: str, rows: Path, tmp_path: Path) -> None:
    printed = nntrain("predict", run, rows, *KEPT, "--safe-csv").out
    assert nntrain("predict", run, rows, *KEPT, "--safe-csv", "-o", "out.csv").code == 0
    assert (tmp_path / "out.csv").read_text() == printed
    refused = nntrain("predict", run, rows, "--safe-csv", "-o", "out.parquet")
    assert (refused.code, refused.out) == (2, "")
    assert "--safe-csv requires CSV output, got 'out.parquet'" in refused.err


def test_a_negative_prediction_stays_a_number(nntrain: Command, tmp_path: Path) -> None:
    rows = tmp_path / "numbers.csv"
    rows.write_text("x,y\n" + "".join(f"{x % 7 / 2},{-10 - x % 7 / 7}\n" for x in range(40)))
    assert nntrain("fit", rows, "--target", "y", "--set", "train.epochs=2", "--out", "numbers").code == 0
    exact = nntrain("predict", "numbers", rows).out
    assert float(exact.splitlines()[1]) < 0
    assert nntrain("predict", "numbers", rows, "--safe-csv").out == exact
