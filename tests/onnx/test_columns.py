"""A column of raw values is encoded by the graph as by nntrain."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.columns.column import Column
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.quantile_number_column import QuantileNumberColumn
from nntrain.data.columns.robust_number_column import RobustNumberColumn
from nntrain.data.columns.time_column import TimeColumn
from nntrain.data.tables.raw_column import RawColumn
from nntrain_onnx.export import build_model
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.onnx_graph import ValueInfo
from nntrain_onnx.preprocessing import add_preprocessing
from tests.onnx.running import session


@pytest.mark.parametrize("scaling", [NumberColumn, RobustNumberColumn, QuantileNumberColumn])
@pytest.mark.parametrize("count", [1, 2, 3, 17, 3000])
def test_numbers_of_every_scaling(scaling: type[Column], count: int) -> None:
    x = np.random.default_rng(count).normal(1e6, 3, count).round(1)
    fitted = scaling.fit(RawColumn("x", "number", np.append(x, np.nan)))
    new = np.concatenate([x, x + 0.01, np.linspace(1e6 - 20, 1e6 + 20, 500), [1e300, -1e300, np.nan]])
    np.testing.assert_allclose(encoded(fitted, new), fitted.encode(RawColumn("x", "number", new)), rtol=0, atol=1e-5)


def encoded(column: Column, values: np.ndarray) -> np.ndarray:
    """The inputs that onnxruntime gives for the values of a column of numbers or times."""
    graph = ModuleGraph("")
    inputs, x = add_preprocessing(graph, {"type": "Schema", "columns": [column.state()]})
    graph.rename(x.name, "y")
    made = session(build_model(graph, inputs, [ValueInfo("y", "float32", x.shape, "")], {}))
    return made.run(None, {column.name: values[:, None]})[0]


def test_every_day_of_eight_centuries_is_where_it_is_in_the_year() -> None:
    days = np.arange(np.datetime64("1600-01-01"), np.datetime64("2400-01-01")).astype("M8[us]")
    times = RawColumn("day", "time", np.append(days + np.arange(len(days)) % 86400 * 1_000_000, np.datetime64("NaT")))
    column = TimeColumn.fit(times)
    seconds = np.where(times.missing, np.nan, times.values.astype(np.int64) / 1e6)
    np.testing.assert_allclose(encoded(column, seconds), column.encode(times), rtol=0, atol=2e-6)
