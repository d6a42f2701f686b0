"""Networks with convolutions, from a config to predictions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.paths import ROOT


def test_digits_are_learnt_with_a_convolution(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    outcome = nntrain("fit", ROOT / "configs" / "digits-convolution.toml", "--set", "train.epochs=8")
    assert outcome.code == 0, outcome.err
    assert "SpatialConvolution(1 -> 16, 3x3, 1,1, 1,1)" in outcome.out
    assert json.loads((tmp_path / "runs" / "digits-convolution" / "scores.json").read_text())["test"]["accuracy"] > 0.95


def test_a_kernel_larger_than_the_image_is_reported(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    outcome = nntrain("fit", ROOT / "configs" / "digits-convolution.toml", "--set", "model.modules[0].kw=11")
    assert outcome.code == 2
    assert outcome.err.startswith("Error: model.modules[0]: ")
    assert outcome.err.count("\n") == 1
    assert not (tmp_path / "runs").exists()
