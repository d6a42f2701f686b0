"""The library of matrix products is chosen once, recorded, and kept when a run is resumed."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.compute.matmul import matmul
from nntrain.compute.product_engine import PRODUCTS, ProductEngine, use_engine
from nntrain.errors import ArgumentError, RunError
from nntrain.training import product_choice
from nntrain.training.product_choice import choose_engine, describe_engine, find_min_work, restore_engine
from nntrain.training.run_folder.run_folder import RunFolder
from tests.einsum_engine import EinsumEngine


class Doubling(EinsumEngine):
    """Computes products with a mistake by which it is recognized."""

    name = "doubling"
    version = "1.2"
    factor = 2


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """One engine is installed; nothing is measured yet."""
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(product_choice.PRODUCTS_VARIABLE, raising=False)
    monkeypatch.setattr(product_choice, "find_engines", lambda: {"doubling": "1.2"})
    monkeypatch.setattr(product_choice, "create_engine", lambda name: Doubling())
    yield
    use_engine(None)


def set_speedups(monkeypatch: pytest.MonkeyPatch, *speedups: float) -> list[int]:
    """Measure these speedups, and return a list that counts the measurements."""
    calls: list[int] = []

    def measure(engine: ProductEngine) -> dict[int, float]:
        calls.append(1)
        return dict(zip((10, 20, 30), speedups, strict=True))

    monkeypatch.setattr(product_choice, "measure_speedups", measure)
    return calls


@pytest.mark.parametrize(
    ("speedups", "min_work"),
    [
        ((0.5, 1.1, 1.2), 8000),
        ((1.1, 1.1, 1.1), 1000),
        ((1.5, 0.9, 1.2), 27000),
        ((1.5, 1.5, 1.0), math.inf),
        ((0.1, 0.1, 0.1), math.inf),
    ],
)
def test_an_engine_is_used_where_it_is_faster_from_then_on(speedups: tuple[float, ...], min_work: float) -> None:
    assert find_min_work(dict(zip((10, 20, 30), speedups, strict=True))) == min_work


def test_the_speed_is_measured_once_for_a_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = set_speedups(monkeypatch, 0.5, 1.1, 1.2)
    for _ in range(3):
        choose_engine()
        assert describe_engine() == {"engine": "doubling", "version": "1.2", "min_work": 8000}
    assert len(calls) == 1
    (key,) = json.loads((tmp_path / "cache" / "products.json").read_text())
    assert key.startswith(f"doubling 1.2, numpy {np.__version__}")
    set_speedups(monkeypatch, 0.5, 0.5, 0.5)
    choose_engine(measure=True)
    assert describe_engine() == {"engine": "numpy"}
    choose_engine()
    assert describe_engine() == {"engine": "numpy"}


@pytest.mark.parametrize("text", ["", "[]", '{"a": "b"}', '{"a": true}', "\x00"])
def test_a_corrupt_result_is_measured_again(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "products.json").write_text(text)
    calls = set_speedups(monkeypatch, 1.1, 1.1, 1.1)
    choose_engine()
    assert describe_engine()["engine"] == "doubling"
    assert len(calls) == 1


def test_a_cache_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    set_speedups(monkeypatch, 1.1, 1.1, 1.1)
    choose_engine()
    assert describe_engine()["engine"] == "doubling"


def test_the_variable_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_choice, "get_registry", lambda: FakeRegistry())
    set_speedups(monkeypatch, 0.5, 0.5, 0.5)
    monkeypatch.setenv(product_choice.PRODUCTS_VARIABLE, "doubling")
    choose_engine()
    assert describe_engine() == {"engine": "doubling", "version": "1.2", "min_work": 64**3}
    monkeypatch.setenv(product_choice.PRODUCTS_VARIABLE, "numpy")
    choose_engine()
    assert describe_engine() == {"engine": "numpy"}
    monkeypatch.setenv(product_choice.PRODUCTS_VARIABLE, "cuda")
    with pytest.raises(ArgumentError, match="NNTRAIN_PRODUCTS: expected auto, numpy, doubling, mkl, got 'cuda'"):
        choose_engine()
    monkeypatch.setenv(product_choice.PRODUCTS_VARIABLE, "mkl")
    with pytest.raises(ArgumentError, match=r"NNTRAIN_PRODUCTS=mkl: .* not installed; .*'nntrain\[mkl\]'"):
        choose_engine()


class FakeRegistry:
    """Knows two engines."""

    def names(self, kind: str) -> list[str]:
        return ["doubling", "mkl"]


def test_threads_of_blas_are_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    set_speedups(monkeypatch, 1.1, 1.1, 1.1)
    monkeypatch.setenv("NNTRAIN_THREADING", "blas")
    choose_engine()
    assert describe_engine() == {"engine": "numpy"}


def build_run(path: Path, products: Any) -> RunFolder:
    """A run folder with the metadata that is read."""
    path.mkdir()
    metadata = {"data": {"fingerprint": ""}} | ({} if products is None else {"products": products})
    (path / "run.json").write_text(json.dumps(metadata))
    return RunFolder(path)


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (None, {"engine": "numpy"}),
        ({"engine": "numpy"}, {"engine": "numpy"}),
        ({"engine": "gone", "version": "1", "min_work": 5}, {"engine": "numpy"}),
        (
            {"engine": "doubling", "version": "1.1", "min_work": 5},
            {"engine": "doubling", "version": "1.2", "min_work": 5},
        ),
    ],
)
def test_a_run_keeps_its_library(
    recorded: Any, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls = set_speedups(monkeypatch, 1.1, 1.1, 1.1)
    restore_engine(build_run(tmp_path / "run", recorded))
    assert describe_engine() == expected
    assert not calls


def test_a_file_has_no_library_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_speedups(monkeypatch, 1.1, 1.1, 1.1)
    restore_engine(RunFolder(tmp_path / "network.h5"))
    assert describe_engine()["engine"] == "doubling"


@pytest.mark.parametrize("products", ["mkl", {"engine": 5}, {"engine": "doubling", "min_work": -1}, {}])
def test_corrupt_metadata_is_refused(products: Any, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"run\.json: corrupt"):
        restore_engine(build_run(tmp_path / "run", products))


def test_products_use_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    set_speedups(monkeypatch, 1.1, 1.1, 1.1)
    choose_engine()
    assert PRODUCTS.min_work == 1000
    small, large = np.ones((9, 9)), np.ones((10, 10))
    np.testing.assert_array_equal(matmul(small, small, np.empty((9, 9))), np.full((9, 9), 9.0))
    np.testing.assert_array_equal(matmul(large, large, np.empty((10, 10))), np.full((10, 10), 20.0))
