"""Numbers scaled by quartiles or ranks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
import pytest

from nntrain.data.columns.column import Column
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.quantile_number_column import QuantileNumberColumn
from nntrain.data.columns.robust_number_column import RobustNumberColumn
from nntrain.data.preprocessing import quantiles
from nntrain.data.preprocessing.quantiles import compute_quantiles, sample_known
from nntrain.data.tables.raw_column import RawColumn, ValueStream
from nntrain.errors import CheckpointError

NAN = math.nan
SCALINGS = pytest.mark.parametrize("scaling", [RobustNumberColumn, QuantileNumberColumn])


def number(*values: float) -> RawColumn:
    return RawColumn("x", "number", np.array(values, np.float64))


class Chunks(ValueStream):
    """A column in chunks of ``size`` rows."""

    kind = "number"

    def __init__(self, raw: RawColumn, size: int) -> None:
        self.name, self.raw, self.size = raw.name, raw, size

    def iterate_chunks(self) -> Iterator[RawColumn]:
        for begin in range(0, len(self.raw), self.size):
            yield self.raw.take(np.arange(begin, min(begin + self.size, len(self.raw))))

    def map(self, *_: object) -> ValueStream:
        raise NotImplementedError


def test_the_quartiles_are_one_apart_around_the_median():
    fitted = RobustNumberColumn.fit(number(1, 2, 3, 5, 9, 100, NAN))
    assert (fitted.median, fitted.scale) == (4, 8 - 2.25)
    z = (np.array([4, 9, -1e9]) - 4) / 5.75
    encoded = fitted.encode(number(4, 9, -1e9, NAN))
    np.testing.assert_allclose(encoded[:3, 0], z / np.sqrt(1 + (z / 3) ** 2), rtol=1e-6)
    assert encoded[2, 0] == -3
    assert encoded[3].tolist() == [0, 1]


def test_with_equal_quartiles_the_rows_that_differ_give_the_scale():
    fitted = RobustNumberColumn.fit(number(*[0.0] * 90, *range(1, 11)))
    assert (fitted.median, fitted.scale) == (0, 11)
    assert fitted.encode(number(0, 5.5)).tolist() == [[0], [np.float32(0.5 / math.sqrt(1 + 1 / 36))]]


def test_a_rank_becomes_a_normal_number_and_ties_have_their_mean_rank():
    fitted = QuantileNumberColumn.fit(number(0, 1, 1, 1, 2, 3, 3, 4, 6))
    invert = NormalDist().inv_cdf
    expected = [invert(rank / 8) for rank in (2, 4, 5.5, 7)]
    np.testing.assert_allclose(fitted.encode(number(1, 2, 3, 4))[:, 0], expected, rtol=1e-6)
    between = fitted.encode(number(1.5))[0, 0]
    assert between == pytest.approx((invert(2 / 8) + invert(4 / 8)) / 2)
    assert fitted.encode(number(0, -9, 6, 1e300))[:, 0] == pytest.approx([-5.1993, -5.1993, 5.1993, 5.1993], abs=1e-4)


def test_ranks_of_normal_numbers_are_these_numbers():
    x = np.random.default_rng(0).normal(7, 3, 20_000)
    fitted = QuantileNumberColumn.fit(number(*x))
    assert len(fitted.quantiles) == 1000
    inner = np.abs(x - 7) < 6
    np.testing.assert_allclose(fitted.encode(number(*x))[inner, 0], (x[inner] - 7) / 3, atol=0.08)


def test_a_zero_heavy_column_keeps_its_zeros_apart():
    fitted = QuantileNumberColumn.fit(number(*[0.0] * 90, *range(1, 11)))
    encoded = fitted.encode(number(0, *range(1, 11)))[:, 0]
    assert encoded[0] == pytest.approx(NormalDist().inv_cdf(44.5 / 99))
    assert (np.diff(encoded) > 0).all()
    assert encoded[1] == pytest.approx(NormalDist().inv_cdf(90 / 99))


@SCALINGS
def test_a_constant_is_0_and_missing_values_are_marked(scaling):
    assert scaling.fit(number(5, NAN)).encode(number(5, NAN)).tolist() == [[0, 0], [0, 1]]
    assert scaling.fit(number(5, 6)).encode(number(NAN)).tolist() == [[0]]


@SCALINGS
def test_the_largest_numbers_do_not_overflow(scaling):
    raw = number(1.7e308, -1.7e308, 0, 1, 1.7e308)
    encoded = scaling.fit(raw).encode(raw)[:, 0]
    assert np.isfinite(encoded).all()
    assert encoded[1] < encoded[2] <= encoded[3] <= encoded[0]


@SCALINGS
@pytest.mark.parametrize("limit", [2**20, 100, 1])
@pytest.mark.parametrize("size", [1, 64, 999])
def test_chunks_give_the_same_bits(monkeypatch, scaling, limit, size):
    monkeypatch.setattr(quantiles, "MAX_SAMPLE", limit)
    x = np.random.default_rng(1).normal(size=999).round(2)
    x[::7] = NAN
    raw = number(*x)
    assert scaling.fit(Chunks(raw, size)).state() == scaling.fit(raw).state()


def test_of_many_numbers_evenly_spaced_ones_are_taken(monkeypatch):
    monkeypatch.setattr(quantiles, "MAX_SAMPLE", 4)
    raw = number(NAN, *range(10), NAN)
    assert sample_known(raw, 10).tolist() == [0, 2, 5, 7]
    assert sample_known(Chunks(raw, 3), 10).tolist() == [0, 2, 5, 7]


@pytest.mark.parametrize("rows", [1, 2, 5, 10, 1001])
def test_quantiles_are_those_of_numpy(rows):
    x = np.random.default_rng(rows).normal(size=rows)
    for count in (2, 3, 5, 1000):
        np.testing.assert_allclose(compute_quantiles(x, count), np.quantile(x, np.linspace(0, 1, count)), rtol=1e-12)
    np.testing.assert_array_equal(compute_quantiles(x, max(rows, 2)), np.sort(x) if rows > 1 else [x[0], x[0]])


@pytest.mark.parametrize("change", [{"quantiles": []}, {"scores": [0.0]}, {"quantiles": [2.0, 1.0, 3.0]}])
def test_quantiles_that_do_not_ascend_are_refused(change):
    state = QuantileNumberColumn.fit(number(1, 2, 3)).state()
    with pytest.raises(CheckpointError, match="expected ascending quantiles with a score each"):
        QuantileNumberColumn.restore(state | change)


def test_every_scaling_is_fitted_in_the_type_of_the_network():
    columns: list[type[Column]] = [NumberColumn, RobustNumberColumn, QuantileNumberColumn]
    for scaling in columns:
        fitted = scaling.fit(number(1, 2, 3, 4))
        fitted.set_dtype("float64")
        assert fitted.encode(number(1.1)).dtype == np.float64
