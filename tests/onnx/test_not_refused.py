"""What ONNX can say is written: for every number of rows, within 1e-5 of what is computed here, and of known values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain.errors import CheckpointError
from tests.onnx.running import compare, made, run_module

DRAW = np.random.default_rng(16)

COUNTS = (1, 2, 1025)


def normal(*shape: int) -> Any:
    return DRAW.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("stochastic", [False, True])
@pytest.mark.parametrize(
    ("name", "shape"), [("Dropout", (5,)), ("SpatialDropout", (3, 4, 5)), ("VolumetricDropout", (2, 3, 4, 5))]
)
def test_dropout_of_nothing_is_the_input(name: str, shape: tuple[int, ...], stochastic: bool, count: int) -> None:
    module = made({"type": name, "p": 0.0, "stochastic_inference": stochastic})
    x = normal(count, *shape)
    np.testing.assert_array_equal(compare(module, normal(2, *shape), normal(3, *shape), x)[0], x)


@pytest.mark.parametrize(("name", "axes"), [("Dropout", 2), ("SpatialDropout", 4), ("VolumetricDropout", 5)])
def test_dropout_that_draws_is_refused(name: str, axes: int) -> None:
    x = np.zeros((2,) * axes, np.float32)
    with pytest.raises(CheckpointError, match="stochastic in evaluation mode"):
        run_module(made({"type": name, "p": 0.5, "stochastic_inference": True}), x, x, x)


def test_whole_numbers_become_floating_ones() -> None:
    x = DRAW.integers(0, 9, (5, 3))
    linear = {"type": "Linear", "input_size": 3, "output_size": 2}
    for spec in ({"type": "Dropout", "p": 0.5}, linear, {"type": "Tanh"}):
        compare(made(spec), x[:2], x[:3], x)


TYPES = ["float16", "float32", "float64", "int8", "int32", "int64", "uint8", "bool"]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("target", TYPES)
@pytest.mark.parametrize("source", ["float32", "int32", "int64", "uint8", "bool"])
def test_copy_between_types(source: str, target: str, count: int) -> None:
    values = DRAW.uniform(0, 2 if source == "bool" else 100, (count + 3, 4)).astype(int if source == "bool" else source)
    values = values.astype(source)
    module = made({"type": "Copy", "in_type": source, "out_type": target})
    x = values[3:]
    got = compare(module, values[:2], values[:3], x)
    np.testing.assert_array_equal(got[0], x.astype(target))


def test_what_is_copied_goes_on_through_a_network() -> None:
    modules = [
        {"type": "Copy", "in_type": "float32", "out_type": "int64"},
        {"type": "LookupTable", "n_index": 9, "n_output": 3},
        {"type": "Copy", "in_type": "float32", "out_type": "float64"},
        {"type": "Tanh"},
        {"type": "Sum", "dim": 1},
    ]
    x = DRAW.uniform(0, 9, (6, 4)).astype(np.float32)
    module = made({"type": "Sequential", "modules": modules})
    rows = module.get(1).weight
    wanted = np.tanh(rows[x.astype(int)].astype(float)).sum(1)
    np.testing.assert_allclose(compare(module, x[:2], x[:3], x)[0], wanted, atol=1e-5)


def pairs(count: int, told: int) -> Any:
    return np.stack([DRAW.integers(0, 6, (count, told)), DRAW.normal(size=(count, told))], 2).astype(np.float32)


SPARSE = {"type": "SparseLinear", "input_size": 6, "output_size": 3}


def dense(module: Any, samples: Any) -> Any:
    """W x + b of what the pairs tell."""
    x = np.zeros((len(samples), 6))
    for row, sample in zip(x, samples, strict=True):
        for index, value in sample:
            row[int(index) if value else 0] += value
    return x @ module.weight.T + module.bias


@pytest.mark.parametrize("count", COUNTS)
def test_sparse_rows_of_a_batch(count: int) -> None:
    module = made(SPARSE)
    x = pairs(count, 4)
    x[0, 1] = [-1, 0]  # what fills a row up has a value of 0 and any index
    x[-1, 2] = [99, 0]
    got = compare(module, pairs(2, 4), pairs(3, 4), x)
    np.testing.assert_allclose(got[0], dense(module, x), rtol=0, atol=1e-5)


def test_sparse_samples_of_different_sizes() -> None:
    module = made(SPARSE)
    few, more, x = ([pairs(1, size)[0] for size in (7, 1, 0)] for _ in range(3))
    got = compare(module, few, more, x)
    np.testing.assert_allclose(got[0], dense(module, x), rtol=0, atol=1e-5)


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("form", ["one", "list", "sizes"])
def test_indices_of_samples(form: str, normalize: bool) -> None:
    options = {"input_size": 8, "output_size": 3, "keys_offset": 1, "normalize": normalize}
    module: Any = made({"type": "IndexLinear", **options})
    module.reset()
    if normalize:
        largest = DRAW.uniform(0.5, 1.5, 8)
        module.weight[:, :4] = np.stack([largest, 1 / largest, np.ones(8), DRAW.normal(size=8)], 1)

    def batch(*sizes: int) -> Any:
        total = sum(sizes)
        keys, values = DRAW.integers(0, 7, total), normal(total)
        if form == "one":
            return [keys, values]
        if form == "sizes":
            return [keys, values, np.array(sizes)]
        ends = np.cumsum(sizes)[:-1]
        return [np.split(keys, ends), np.split(values, ends)]

    # What grows with the rows has one size: there are as many pairs as samples.
    sizes = {"one": ([2], [3], [1025]), "list": ([4, 0, 2],) * 3, "sizes": ([2, 0], [1, 2, 0], [4, 0, 1, 0, 0])}[form]
    few, more, x = (batch(*counts) for counts in sizes)
    got = compare(module, few, more, x)
    keys, values = (np.concatenate(part) if form == "list" else part for part in x[:2])
    rows = module.weight[keys + 1]
    if normalize:
        clipped = np.clip(values / rows[:, 0], -1, 1) + rows[:, 3]
        terms = clipped[:, None] * rows[:, 4:]
    else:
        terms = values[:, None] * rows
    parts = [terms] if form == "one" else np.split(terms, np.cumsum(sizes[2])[:-1])
    wanted = np.stack([part.sum(0) for part in parts]) + module.bias
    np.testing.assert_allclose(got[0], wanted[0] if form == "one" else wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(("k", "factor", "frames"), [(2, 0, 5), (1, 0.5, 7), (3, 0.4, 11)])
def test_the_k_largest_frames(k: int, factor: float, frames: int, count: int) -> None:
    module = made({"type": "TemporalDynamicKMaxPooling", "min_k": k, "factor": factor})
    x = normal(count, frames, 2)
    got = compare(module, normal(2, frames, 2), normal(3, frames, 2), x)
    kept = max(k, int(np.ceil(factor * frames)))
    for n, f in np.ndindex(count, 2):
        places = sorted(np.argsort(-x[n, :, f])[:kept])
        assert got[0][n, :, f].tolist() == x[n, places, f].tolist()


def test_as_many_frames_are_kept_as_the_input_at_hand_asks_for() -> None:
    module = made({"type": "TemporalDynamicKMaxPooling", "min_k": 2, "factor": 0.5})
    for frames in (4, 5, 30, 1025):
        got = compare(module, normal(4, 3), normal(7, 3), normal(frames, 3))
        assert len(got[0]) == -(-frames // 2)


def test_a_number_of_frames_that_does_not_show_is_refused() -> None:
    module = made({"type": "TemporalDynamicKMaxPooling", "min_k": 2, "factor": 0.1})
    with pytest.raises(CheckpointError, match="too short to show the number of frames"):
        run_module(module, normal(4, 3), normal(7, 3), normal(90, 3))


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("pad", [-2, 1])
def test_rows_are_put_in_where_they_are_counted_from(pad: int, index: int) -> None:
    module = made({"type": "Padding", "dim": 0, "pad": pad, "index": index, "value": 7})
    for count in (2, 3, 1025):
        x = normal(count, 3)
        wanted = np.insert(x, [index if pad < 0 else count - index] * abs(pad), 7, axis=0)
        np.testing.assert_array_equal(compare(module, normal(2, 3), normal(3, 3), x)[0], wanted)


@pytest.mark.parametrize(("pad", "index"), [(-2, 0), (-2, 2), (-2, 3), (1, 0), (1, 1), (1, 3)])
def test_features_are_put_in_where_they_are_counted_from(pad: int, index: int) -> None:
    module = made({"type": "Padding", "dim": 1, "pad": pad, "index": index, "value": 7})
    x = normal(5, 3)
    wanted = np.insert(x, [index if pad < 0 else 3 - index] * abs(pad), 7, axis=1)
    np.testing.assert_array_equal(compare(module, normal(2, 3), normal(3, 3), x)[0], wanted)


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ({"type": "Narrow", "dim": 0, "offset": 1, "length": -1}, lambda x: x[1:]),
        ({"type": "Narrow", "dim": 0, "offset": 0, "length": -2}, lambda x: x[:-1]),
        ({"type": "Narrow", "dim": 0, "offset": 0, "length": 2}, lambda x: x[:2]),
        ({"type": "Select", "dim": 0, "index": -1}, lambda x: x[-1]),
    ],
)
def test_rows_counted_from_the_first_or_the_last(spec: dict[str, Any], wanted: Any) -> None:
    for count in (2, 3, 1025):
        x = normal(count, 3)
        np.testing.assert_array_equal(compare(made(spec), normal(2, 3), normal(3, 3), x)[0], wanted(x))
