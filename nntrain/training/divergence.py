"""The end of a run whose loss, or whose parameters, are no longer numbers."""

from __future__ import annotations

import json

from nntrain.errors import DivergenceError
from nntrain.shell import nntrain_command
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder, step_of, write_text
from nntrain.training.saver import Saver

__all__ = ["settle"]

RATE = "optimizer.learning_rate"


def settle(error: DivergenceError, run: Run, folder: RunFolder, saver: Saver) -> DivergenceError:
    """Save the best network, record the divergence in ``run.json``, and return the error with the way to resume.

    A run that has come to nothing yet is taken away, and the one that it was to replace is brought back.
    """
    saver.keep_best()
    if not folder.worth_keeping():
        folder.replaced.abandon()
        return error
    known = folder.read_about()
    known["diverged"] = {"step": run.step + 1, "epoch": run.epoch + 1, "best": run.best.epoch, "message": str(error)}
    write_text(folder.about, json.dumps(known, indent=2) + "\n")
    best = f"the best network, of epoch {run.best.epoch}, and " if run.best.epoch else ""
    rate = () if run.peak is None else ("--set", f"{RATE}={run.peak / 10:.3g}", "--allow-change", RATE)
    return DivergenceError(
        f"{error}; {best}the checkpoints up to step {step_of(folder.saved()[-1])} are kept; resume from there: "
        f"{nntrain_command('resume', folder.path, options=rate)}"
    )
