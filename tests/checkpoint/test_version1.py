"""Checkpoints of version 1, written in November 2026, load for ever, predict the same and can be gone on from."""

from pathlib import Path

import numpy as np
import pytest

from nntrain.training.run_folder.run_folder import RunFolder
from tests.checkpoint.version1 import BEST, FILE, STEP, ended, probabilities, stopped_folder

# The probabilities of the three species for the first flower of each, as they were then.
LAST_STEP = [
    [0.6929094791412354, 0.1557115763425827, 0.15137892961502075],
    [0.2403036206960678, 0.3288222551345825, 0.4308740794658661],
    [0.11672908812761307, 0.35178232192993164, 0.5314885973930359],
]
BEST_EPOCH = [
    [0.5091866254806519, 0.2012431025505066, 0.28957030177116394],
    [0.3203504979610443, 0.33997389674186707, 0.339675635099411],
    [0.19667044281959534, 0.4312911629676819, 0.372038334608078],
]

# What the run came to: its first parameters, the sum of the squares of all, and the loss on the test rows.
FIRST = [-0.2239120751619339, 0.27277907729148865, 0.33719754219055176, 0.2825564444065094, 0.073737733066082]
SQUARES = 16.69451904296875
LOSS = 0.5648210525512696


@pytest.mark.parametrize(("path", "expected"), [(FILE, LAST_STEP), (BEST, BEST_EPOCH)], ids=["step", "best"])
def test_a_checkpoint_of_version_1_predicts_what_it_did(path: Path, expected: list[list[float]]) -> None:
    np.testing.assert_allclose(probabilities(path), expected, rtol=1e-5)


def test_a_run_goes_on_from_a_checkpoint_of_version_1(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    stopped_folder(folder)
    folder.get_checkpoint_path(STEP).write_bytes(FILE.read_bytes())
    folder.get_best_path(STEP).write_bytes(BEST.read_bytes())
    w, scores = ended(folder)
    np.testing.assert_allclose(w[:5], FIRST, rtol=1e-4)
    np.testing.assert_allclose([np.square(w).sum(), scores["test"]["loss"]], [SQUARES, LOSS], rtol=1e-4)
