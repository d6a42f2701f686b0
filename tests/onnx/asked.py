"""Runs that are exported as a user does it, and what onnxruntime and ``nntrain predict`` say of the same rows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import onnxruntime

from nntrain.cli.main import run_command
from nntrain.data.dims import to_channels_first
from nntrain.data.options.file_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.preprocessing.table_preprocessor import TablePreprocessor
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.raw_column import RawColumn
from nntrain.training.inference.network_loading import load_trained_network
from tests.onnx.running import session

__all__ = ["agree", "exported", "said"]


def said(*arguments: object) -> None:
    """A command that goes well."""
    assert run_command([str(argument) for argument in arguments]) == 0


def exported(data: object, *settings: str, epochs: int = 3) -> onnxruntime.InferenceSession:
    """A run in the folder ``run``, and what runs its network."""
    sets = [word for setting in (f"train.epochs={epochs}", *settings) for word in ("--set", setting)]
    said("fit", data, *sets, "--out", "run")
    said("convert", "run", "run.onnx")
    return session("run.onnx")


def agree(made: onnxruntime.InferenceSession, rows: Path, run: str = "run") -> dict[str, Any]:
    """onnxruntime says of raw rows what ``nntrain predict`` does; its outputs."""
    said("predict", run, rows, "--out", "predicted.csv")
    with open("predicted.csv", encoding="utf-8", newline="") as file:
        predicted = list(csv.DictReader(file))
    target = load_trained_network(Path(run)).preprocessor.target
    outputs = [output.name for output in made.get_outputs()]
    got = dict(zip(outputs, made.run(None, raw(made, rows, run)), strict=True))
    prediction = got[outputs[0]]
    if target.task == "regression":
        wanted = np.array([[float(row[label]) for label in target.labels] for row in predicted])
        np.testing.assert_allclose(prediction, wanted, rtol=0, atol=1e-5 * max(1, np.abs(wanted).max()))
        return got
    p = np.array([[float(row[f"p({label})"]) for label in target.labels] for row in predicted])
    np.testing.assert_allclose(got[outputs[1]], p, rtol=0, atol=1e-5)
    if target.task == "classification":
        assert prediction.tolist() == [row[target.name] for row in predicted]
    else:
        words = {name: values.tolist() for name, values in target.decode(prediction).items()}
        assert words == {name: [row[name] for row in predicted] for name in words}
    return got


def raw(made: onnxruntime.InferenceSession, rows: Path, run: str) -> dict[str, Any]:
    """The rows of a file as the inputs of a network."""
    schema = load_trained_network(Path(run)).preprocessor
    if isinstance(schema, TablePreprocessor):
        table = read_table(
            rows,
            ReadOptions(formats={name: ColumnFormat(kind=kind) for name, kind in schema.get_value_kinds().items()}),
        )
        return {given.name: plain(table.columns[given.name])[:, None] for given in made.get_inputs()}
    with h5py.File(rows) as file:
        inputs = to_channels_first(file["inputs"][()], schema.dims)
    return {"inputs": inputs.reshape(-1, *schema.shape).astype(np.uint8 if schema.of_bytes else np.float64)}


def plain(column: RawColumn) -> Any:
    """Texts, empty where missing; or doubles, NaN where missing, a time in seconds since 1970."""
    if column.kind == "text":
        return np.array(["" if value is None else value for value in column.values], object)
    if column.kind == "time":
        return np.where(column.missing, np.nan, column.values.astype("M8[us]").astype(np.int64) / 1e6)
    return column.values
