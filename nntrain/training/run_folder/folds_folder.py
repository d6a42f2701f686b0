"""The folder of runs on folds: a cross-validation, or the networks of an average."""

import math
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.spec_checks import EXCEPT_NAME
from nntrain.config.toml import format_toml
from nntrain.errors import RunError
from nntrain.training.run_folder.output_folder import FOLDS_CONFIG_NAME, OutputFolder
from nntrain.training.run_folder.records import read_scores, to_json
from nntrain.training.run_folder.run_folder import RunFolder, write_text

Scores = dict[str, dict[str, float]]


class FoldsFolder(OutputFolder):
    """``folds.toml`` (the config of all folds), ``fold-1``, ``fold-2``, ... (a run each), and at the end ``folds.json``
    (the scores of each fold, their means and standard deviations); with validation folds also ``best.h5`` (the average
    of their networks) and ``scores.json``.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, FOLDS_CONFIG_NAME)
        self.fold_scores = path / "folds.json"
        self.best_network = path / "best.h5"
        self.scores = path / "scores.json"
        self.report = path / "report.html"

    def write_config(self, config: Config) -> None:
        """Write the config of all folds, with the keys that were set."""
        write_text(self.config, format_toml(config.model_dump(exclude_unset=True)))

    def read_config(self) -> Config:
        """Read the config of all folds."""
        return load_config(self.config, checks=EXCEPT_NAME)

    def get_fold(self, number: int) -> RunFolder:
        """Return the run folder of a fold (from 1)."""
        return RunFolder(self.path / f"fold-{number}")

    def collect_scores(self, folds: int) -> dict[str, Any]:
        """Write the scores of every fold, their means and sample standard deviations to ``folds.json``; return them."""
        paths = [self.get_fold(number).scores for number in range(1, folds + 1)]
        runs = [read_scores(path) for path in paths]
        for path, run in zip(paths, runs, strict=True):
            if get_score_names(run) != get_score_names(runs[0]):
                raise RunError(f"{path}: corrupt: expected the scores of {paths[0]}")
        found = {"folds": runs, "mean": aggregate_scores(runs, fmean), "deviation": aggregate_scores(runs, stdev)}
        write_text(self.fold_scores, to_json(found, indent=2) + "\n")
        return found


def find_data_run(path: Path) -> RunFolder:
    """Return the run whose config and metadata describe the data of a folder: of an average, its first network."""
    folds = FoldsFolder(path)
    return folds.get_fold(1) if folds.is_started else RunFolder(path)


def get_score_names(run: dict[str, Any]) -> dict[str, set[str]]:
    """Return the names of the scores of each set."""
    return {split: set(scores) for split, scores in run.items() if isinstance(scores, dict)}


def aggregate_scores(runs: list[dict[str, Any]], statistic: Any) -> Scores:
    """Return a statistic of each score of each set over the folds; NaN if a fold has none. Tables are excluded."""
    return {
        split: {
            name: math.nan if None in (values := [run[split][name] for run in runs]) else statistic(values)
            for name, value in scores.items()
            if not isinstance(value, dict)
        }
        for split, scores in runs[0].items()
        if isinstance(scores, dict)
    }
