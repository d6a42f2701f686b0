"""``nntrain doctor`` tells what there is, and what to change."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nntrain.compute import cpu_setup
from nntrain.training.diagnostics import machine_report

Command = Callable[..., Any]

WELL = {"name": "scipy-openblas", "version": "1", "kernels": "SkylakeX"}


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_report, "MATRIX_SIZE", 8)
    monkeypatch.setattr(machine_report, "BENCHMARK_SECONDS", 0.001)


def test_it_shows_versions_speeds_and_advice(nntrain: Command) -> None:
    outcome = nntrain("doctor")
    assert outcome.code == 0
    first = [line.split()[0] for line in outcome.out.partition("\n\n")[0].splitlines()]
    assert first[-2:] == ["plugins", "products"]
    assert first[:-2] == ["nntrain", "Python", "processor", "numpy", "threads", "denormals", "HDF5", "DuckDB"]
    assert "GFLOP/s with 1 thread" in outcome.out
    assert outcome.out.partition("\n\n")[2]


def test_json_holds_the_same(nntrain: Command) -> None:
    told = json.loads(nntrain("doctor", "--json").out)
    seen = {"kernels_asked", "hdf5", "cores", "plugins", "gflops", "engines"}
    assert set(told) == {"environment", *seen, "advice"}
    assert told["environment"]["libraries"]["numpy"]
    assert all(error is None for name, error in told["plugins"].items() if name.startswith("nntrain:"))


def test_slow_kernels_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cpu_setup.KERNELS_VARIABLE, "Haswell")
    assert list(machine_report.find_kernel_advice(WELL, cpu_setup.AVX512_FLAGS)) == []
    (line,) = machine_report.find_kernel_advice({**WELL, "kernels": "Haswell"}, cpu_setup.AVX512_FLAGS)
    assert line == "OPENBLAS_CORETYPE=Haswell prevents OpenBLAS from using AVX-512; unset it"
    monkeypatch.setenv(cpu_setup.KERNELS_VARIABLE, "SkylakeX")
    (line,) = machine_report.find_kernel_advice({**WELL, "kernels": "Zen"}, cpu_setup.AVX512_FLAGS)
    assert line.startswith("OPENBLAS_CORETYPE=SkylakeX, but OpenBLAS uses its kernels for Zen")
    monkeypatch.delenv(cpu_setup.KERNELS_VARIABLE)
    (line,) = machine_report.find_kernel_advice({**WELL, "kernels": "Zen"}, cpu_setup.AVX512_FLAGS)
    assert "try OPENBLAS_CORETYPE=SkylakeX" in line
    (line,) = machine_report.find_kernel_advice({**WELL, "name": "accelerate", "kernels": ""}, cpu_setup.AVX512_FLAGS)
    assert "accelerate" in line


@pytest.mark.parametrize(
    ("count", "speeds", "told"),
    [
        (4, {1: 100.0, 4: 390.0}, None),
        (4, {1: 100.0, 4: 110.0}, "4 threads are only 1.1 times as fast as one"),
        (4, {1: 100.0}, "one thread is used on 4 cores"),
        (2, {1: 100.0, 8: 150.0}, "NNTRAIN_THREADS=8 is more than the 2 available cores"),
        (1, {1: 100.0}, None),
    ],
)
def test_threads_that_do_not_help_are_reported(
    monkeypatch: pytest.MonkeyPatch, count: int, speeds: dict[int, float], told: str | None
) -> None:
    monkeypatch.setattr(machine_report, "count_cores", lambda: count)
    lines = list(machine_report.find_thread_advice(speeds))
    assert len(lines) == (told is not None)
    assert told is None or told in lines[0]


def test_broken_plugins_are_reported() -> None:
    lines = machine_report.find_plugin_advice({"a: b": None, "c: d": "ImportError: no module named 'e'"})
    assert list(lines) == ["the plugin c: d is broken: ImportError: no module named 'e'; update or uninstall it"]
