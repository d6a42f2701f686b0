"""The comparison of prediction quality: types of columns, splits, scores, results that are kept, and the report."""

from __future__ import annotations

import csv
import random
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from benchmarks.comparison import Case, Settings, SkippedError
from benchmarks.quality.comparison import row_of, scores
from benchmarks.quality.predictions import read_predictions, write_predictions
from benchmarks.quality.report import report, table_ratio
from benchmarks.quality.results import Results
from benchmarks.quality.scores import accuracy, calibration_error, geometric_mean, log_loss, r2, score_classes
from benchmarks.quality.splits import Split, choose_rows, split
from benchmarks.quality.systems import BEST, FAST, GOOD, SYSTEMS
from benchmarks.quality.tables import TABLES, Table, is_number, read, table_of, write

PENGUINS = table_of("penguins")

# A system that is not nntrain.
OTHER = next(system for system in SYSTEMS if system.name == "scikit-learn MLP")


def split_of(seed: int = 1, table: Table = PENGUINS) -> Split:
    rows = [[str(number), "a" if number % 2 else "", "Adelie"] for number in range(10)]
    return Split(table, seed, ["mass", "island", table.target], rows[:6], rows[6:8], rows[8:])


def settings_of(folder: Path, *, quick: bool = False) -> Settings:
    return Settings(quick, folder, folder)


@pytest.mark.parametrize(
    ("cells", "number"),
    [(["1", "-2.5", "1e3"], True), (["1", "", "2"], True), (["1", "two"], False), (["True"], False), (["", ""], False)],
)
def test_a_column_is_a_number_if_all_its_filled_cells_are(cells, number):
    assert is_number(cells) is number


def test_the_sets_of_a_split_are_disjoint_and_contain_all_rows():
    parts = choose_rows(1000, 3, held_out=True)
    assert [len(part) for part in parts] == [680, 120, 200]
    assert sorted(chain(*parts)) == list(range(1000))


def test_a_table_with_a_test_file_has_no_other_test_rows():
    parts = choose_rows(1000, 3, held_out=False)
    assert [len(part) for part in parts] == [850, 150, 0]
    assert sorted(chain(*parts)) == list(range(1000))


def test_a_split_depends_on_its_seed_only():
    state = random.getstate()
    assert choose_rows(100, 1, held_out=True) == choose_rows(100, 1, held_out=True)
    assert choose_rows(100, 1, held_out=True) != choose_rows(100, 2, held_out=True)
    assert random.getstate() == state


def test_a_table_is_split_without_its_leaking_columns(tmp_path):
    table = Table("t", "t.csv", "y", drop=("answer",))
    write(tmp_path / "t.csv", ["x", "answer", "y"], [[str(n), "no", str(n % 2)] for n in range(50)])
    found = split(table, 1, settings_of(tmp_path))
    assert found.names == ["x", "y"]
    assert found.sizes == [34, 6, 10]
    assert {row[0] for row in (*found.train, *found.validation, *found.test)} == {str(n) for n in range(50)}


def test_the_rows_of_a_test_file_are_the_test_rows(tmp_path):
    write(tmp_path / "train.csv", ["x", "y"], [[str(n), "a"] for n in range(20)])
    write(tmp_path / "test.csv", ["x", "y"], [["100", "b"], ["101", "a"]])
    found = split(Table("t", "train.csv", "y", test_file="test.csv"), 1, settings_of(tmp_path))
    assert found.test == [["100", "b"], ["101", "a"]]
    assert found.truth == ["b", "a"]
    assert found.sizes == [17, 3, 2]


def test_a_table_without_its_file_is_skipped(tmp_path):
    with pytest.raises(SkippedError, match=r"penguins\.csv is not in the folder of --data"):
        split(PENGUINS, 1, settings_of(tmp_path))


def test_the_file_of_test_rows_does_not_contain_the_target(tmp_path):
    split_of().save(tmp_path)
    assert read(tmp_path / "test.csv") == (["mass", "island"], [["8", ""], ["9", "a"]])
    assert read(tmp_path / "train.csv")[0] == ["mass", "island", "species"]
    assert '"numbers": ["mass"]' in (tmp_path / "table.json").read_text()


def test_every_system_reads_the_same_files(tmp_path):
    for system in SYSTEMS:
        words = list(chain(*system.commands(split_of(), tmp_path)))
        rows = "all.csv" if system.name == BEST else "train.csv"
        assert str(tmp_path) in words or str(tmp_path / rows) in words


def test_the_best_quality_trains_on_the_validation_rows_too(tmp_path):
    rows = split_of()
    rows.save(tmp_path)
    assert read(tmp_path / "all.csv") == (rows.names, [*rows.train, *rows.validation])


# Two rows in the bin of 0.9: one is correct, so |1 − 1.8| = 0.8; one in that of 0.6, correct: |1 − 0.6| = 0.4.
PROBABILITIES = np.array([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]])
TARGETS = np.array([0, 0, 1])


def test_the_calibration_error_weights_each_bin_by_its_rows():
    assert calibration_error(PROBABILITIES, TARGETS) == pytest.approx((0.8 + 0.4) / 3)


def test_gaps_of_opposite_sign_cancel_in_a_bin_only():
    # 0.8 and 0.8: one of two is correct, |1 − 1.6| = 0.6.
    same = np.array([[0.8, 0.2], [0.2, 0.8]])
    assert calibration_error(same, np.array([0, 0])) == pytest.approx(0.6 / 2)
    # A certain and correct prediction is in the last bin and has no error.
    assert calibration_error(np.array([[0.0, 1.0]]), np.array([1])) == 0.0


def test_scores_of_probabilities():
    assert accuracy(PROBABILITIES, TARGETS) == pytest.approx(2 / 3)
    assert log_loss(PROBABILITIES, TARGETS) == pytest.approx(-np.log(0.9 * 0.1 * 0.6) / 3)


def test_a_class_without_a_column_is_an_error_of_finite_loss():
    found = score_classes(np.array([[0.5, 0.5]]), ["a", "b"], ["c"])
    assert found["score"] == 0.0
    assert found["log_loss"] == pytest.approx(-np.log(1e-7))


def test_r2_is_one_for_the_truth_and_zero_for_its_mean():
    truth = np.array([1.0, 2.0, 6.0])
    assert r2(truth, truth) == 1.0
    assert r2(np.full(3, 3.0), truth) == 0.0


def test_the_geometric_mean_of_a_ratio_and_its_inverse_is_one():
    assert geometric_mean([4.0, 0.25]) == pytest.approx(1.0)
    assert geometric_mean([2.0, 8.0]) == pytest.approx(4.0)


def test_predictions_come_through_their_file(tmp_path):
    write_predictions(tmp_path, ["<=50K", "a,b"], PROBABILITIES)
    classes, read_back = read_predictions(tmp_path)
    assert classes == ["<=50K", "a,b"]
    assert np.array_equal(read_back, PROBABILITIES)
    write_predictions(tmp_path, None, np.array([1.5, -2.0]))
    assert np.array_equal(read_predictions(tmp_path)[1], [1.5, -2.0])


def test_predictions_of_nntrain_have_a_column_of_classes_first(tmp_path):
    with (tmp_path / "predictions.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["species", "p(Adelie)", "p(Gentoo)"], ["Gentoo", "0.25", "0.75"]])
    classes, probabilities = read_predictions(tmp_path)
    assert classes == ["Adelie", "Gentoo"]
    assert np.array_equal(probabilities, [[0.25, 0.75]])


def test_a_wrong_number_of_predictions_is_an_error(tmp_path):
    write_predictions(tmp_path, ["Adelie", "Gentoo"], PROBABILITIES)
    with pytest.raises(ValueError, match="expected predictions of 2 rows, got 3"):
        scores(split_of(), tmp_path)


def test_a_result_is_kept_until_version_or_rows_change(tmp_path, monkeypatch):
    settings, system = settings_of(tmp_path), OTHER
    monkeypatch.setattr("benchmarks.quality.systems.version", lambda name: "1.0")
    Results(settings).add(split_of(), system, {"error": 0.5})
    assert Results(settings).has(split_of(), system)
    assert not Results(settings).has(split_of(seed=2), system)
    assert not Results(settings).has(split_of(), SYSTEMS[-1])
    fewer = split_of()
    fewer.train.pop()
    assert not Results(settings).has(fewer, system)
    monkeypatch.setattr("benchmarks.quality.systems.version", lambda name: "1.1")
    assert not Results(settings).has(split_of(), system)


def test_a_failed_fit_is_not_a_result_and_is_reported(tmp_path, monkeypatch):
    settings = settings_of(tmp_path)
    results = results_of(settings, monkeypatch, {GOOD: [0.2], FAST: [0.2]})
    results.add(split_of(), OTHER, {"failed": "MemoryError: too large"})
    assert not results.has(split_of(), OTHER)
    row = row_of(Case("penguins"), results, [GOOD, FAST, OTHER.name], [1])
    assert OTHER.name not in row.medians
    assert "penguins, split 1: scikit-learn MLP failed: MemoryError: too large" in report([row], settings)


def test_a_quick_result_is_in_a_file_of_its_own(tmp_path):
    names = {Results(settings_of(tmp_path, quick=quick)).path.name for quick in (True, False)}
    assert names == {"quality-quick.json", "quality.json"}


def test_a_table_ratio_is_the_median_over_common_splits():
    assert table_ratio({1: 1.0, 2: 6.0, 3: 2.0}, {1: 2.0, 2: 2.0, 3: 2.0}) == 1.0
    assert table_ratio({1: 1.0, 2: 6.0}, {2: 2.0}) == 3.0
    assert table_ratio({1: 1.0}, {}) is None


def test_rows_are_medians_and_ratios_to_the_better_quality(tmp_path, monkeypatch):
    # An error of zero counts as half of the two test rows: 0.25.
    results = results_of(settings_of(tmp_path), monkeypatch, {GOOD: [0.5, 0.5, 0.0], "CatBoost": [0.5, 1.0, 1.0]})
    row = row_of(Case("penguins"), results, [GOOD, "CatBoost"], [1, 2, 3])
    assert row.medians == {GOOD: 0.5, "CatBoost": 1.0}
    ratio = row.ratios["CatBoost"]
    assert (ratio.median, ratio.least, ratio.most) == (2.0, 1.0, 4.0)


def test_without_a_result_of_nntrain_the_case_fails(tmp_path):
    with pytest.raises(RuntimeError, match="nntrain good failed"):
        row_of(Case("penguins"), Results(settings_of(tmp_path)), [GOOD], [1])


def test_the_report_is_made_from_the_file(tmp_path, monkeypatch):
    settings = settings_of(tmp_path)
    results = results_of(settings, monkeypatch, {GOOD: [0.5], FAST: [0.51], "CatBoost": [0.5]})
    text = "\n\n".join(report([row_of(Case("penguins"), results, [GOOD], [1])], settings))
    assert "| nntrain good / CatBoost | 1.000 | 0 of 1 | 1 of 1 |" in text
    assert "| nntrain fast / CatBoost | 1.020 | 0 of 1 | 1 of 1 |" in text
    assert "RealMLP |  |" not in text
    assert "Peak memory" in text


def results_of(settings: Settings, monkeypatch: pytest.MonkeyPatch, errors: dict[str, list[float]]) -> Results:
    monkeypatch.setattr("benchmarks.quality.systems.version", lambda name: "1.0")
    results = Results(settings)
    for system in SYSTEMS:
        for seed, error in enumerate(errors.get(system.name, []), start=1):
            costs = {"seconds": 1.0, "memory": 100.0}
            results.add(split_of(seed), system, {"error": error, "log_loss": 1.0, "calibration_error": 0.5, **costs})
    return results


def test_tables_have_names_of_their_own():
    assert len({table.name for table in TABLES}) == len(TABLES) == 10
