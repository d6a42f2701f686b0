"""All laws of optimizers, schedules and metrics, and the check of one by those of its kind."""

from __future__ import annotations

from typing import Any

from nntrain.nn.building.factory import RegisteredKind
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.training.testing import metric_checks, optimizer_checks, schedule_checks
from nntrain.training.testing.training_case import TrainingCase

__all__ = ["CHECKS", "check_case", "find_failures"]

# Of each kind the laws by name: what the modules list.
CHECKS = {
    kind: {name: getattr(module, name) for name in module.__all__}
    for kind, module in (("optimizer", optimizer_checks), ("schedule", schedule_checks), ("metric", metric_checks))
}


def find_failures(case: TrainingCase) -> list[CheckFailed]:
    """What each law of the kind has against it."""
    found = []
    for law in CHECKS[case.kind].values():
        try:
            law(case)
        except CheckFailed as error:
            found.append(error)
    return found


def check_case(spec: str | dict[str, Any], kind: RegisteredKind = "optimizer") -> None:
    """Hold what a config writes against every law of its kind. CheckFailed tells of all that are broken."""
    found = find_failures(TrainingCase(spec, kind))
    if found:
        raise CheckFailed("\n".join(map(str, found))) from found[0]
