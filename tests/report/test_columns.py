"""The columns of a report: facts, drift between sets, and the network."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain.data.tables.raw_column import RawColumn
from nntrain.report.analysis.drift import compare_categories, compare_numbers, measure_drift
from nntrain.report.analysis.paired_tests import correct_p_values
from nntrain.report.page.rendering import render_page
from nntrain.report.run_report import build_report
from nntrain.report.sections.columns import find_drifts
from nntrain.report.trained_run import TrainedRun
from tests.report import runs


def test_the_distance_of_numbers_is_that_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy comes with scikit-learn")
    random = np.random.default_rng(0)
    for shift in (0.0, 0.1, 0.3):
        a, b = random.normal(size=400), random.normal(shift, size=300)
        expected = stats.ks_2samp(a, b, method="asymp")
        distance, p = compare_numbers(a, b)
        assert distance == pytest.approx(expected.statistic)
        assert p == pytest.approx(expected.pvalue, abs=0.03)


def test_the_distance_of_categories_has_the_p_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy comes with scikit-learn")
    for other in ([40, 30, 30], [55, 25, 20]):
        a, b = Counter(x=40, y=30, z=30), Counter(dict(zip("xyz", other, strict=True)))
        distance, p = compare_categories(a, b)
        assert distance == pytest.approx(sum(abs(x - y) for x, y in zip((40, 30, 30), other, strict=True)) / 200)
        expected = stats.chi2_contingency([[40, 30, 30], other], correction=False).pvalue
        assert p == pytest.approx(expected, abs=0.01)


def test_p_values_are_corrected_as_by_holm() -> None:
    assert correct_p_values([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert correct_p_values([]) == []
    assert correct_p_values([0.9, 0.8]) == pytest.approx([1.0, 1.0])


def test_only_a_set_of_another_kind_has_large_drift() -> None:
    random = np.random.default_rng(1)
    same = {name: RawColumn("same", "number", random.normal(size=500)) for name in ("train", "test")}
    other = {
        "train": RawColumn("other", "number", random.normal(size=500)),
        "test": RawColumn("other", "number", random.normal(1, size=500)),
    }
    first, *rest = find_drifts([same, other])
    assert (first.column, first.is_large) == ("other", True)
    assert not any(drift.is_large for drift in rest)


def test_a_column_without_values_has_no_drift() -> None:
    empty = RawColumn("x", "number", np.full(3, np.nan))
    assert measure_drift(empty, empty) == (0.0, 1.0)


def test_the_report_names_every_column_and_layer(tmp_path: Path) -> None:
    html = render_page(build_report(TrainedRun.load(runs.two_classes(tmp_path))))
    for text in ("not a number: &#39;x&#39;", "Linear(7 -&gt; 8)", "Distributions of the columns", "(N, 8)"):
        assert text in html


def test_a_run_on_images_has_pictures_of_its_mistakes(tmp_path: Path) -> None:
    run = tmp_path / "digits"
    keys = ("--set", "train.epochs=2", "--set", "model.hidden=[16]")
    assert run_command(["fit", "datasets/digits.h5", *keys, "--out", str(run)]) == 0
    html = render_page(build_report(TrainedRun.load(run)))
    assert "data:image/png;base64," in html
    assert "array " in html


def test_a_column_that_is_excluded_has_its_reason(tmp_path: Path) -> None:
    values = runs.draw_table(8, 120, 2)
    rows: list[list[object]] = [["a", "id", "constant", "unused", "y"]]
    rows += [[f"{a:.4f}", f"id{k}", "1", f"{b:.4f}", "yes" if a > 0 else "no"] for k, (a, b) in enumerate(values)]
    run = runs.train(tmp_path, "excluded", rows, "--target", "y", *runs.HIDDEN, "--set", "data.ignore=['unused']")
    html = render_page(build_report(TrainedRun.load(run)))
    assert "Column &#39;constant&#39; is excluded: " in html
    assert "Column &#39;id&#39; is excluded: " in html
    assert "Ignored, as data.ignore sets: &#39;unused&#39;" in html


def test_a_test_set_with_a_file_of_its_own_has_its_own_row_numbers(tmp_path: Path) -> None:
    run = runs.two_classes(tmp_path)
    data = tmp_path / "two.csv"
    (tmp_path / "test.csv").write_text(data.read_text())
    keys = ("--set", f"data.test_path={tmp_path / 'test.csv'}", *runs.HIDDEN, "--set", "train.epochs=2")
    out = tmp_path / "own"
    assert run_command(["fit", str(data), "--target", "answer", *keys, "--out", str(out)]) == 0
    html = render_page(build_report(TrainedRun.load(out)))
    assert "row of the test set" in html
    assert "The most confident mistakes" in html
    assert run.is_dir()
