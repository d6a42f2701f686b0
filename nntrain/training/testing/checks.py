"""All checks of optimizers, schedules and metrics."""

from __future__ import annotations

from typing import Any

from nntrain.nn.building.factory import RegisteredKind
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.training.testing import metric_checks, optimizer_checks, schedule_checks
from nntrain.training.testing.training_case import TrainingCase

# The checks of each kind by name: ``__all__`` of their modules.
CHECKS = {
    kind: {name: getattr(module, name) for name in module.__all__}
    for kind, module in (("optimizer", optimizer_checks), ("schedule", schedule_checks), ("metric", metric_checks))
}


def find_failures(case: TrainingCase) -> list[CheckFailed]:
    """Return the failures of all checks of the kind."""
    found = []
    for check in CHECKS[case.kind].values():
        try:
            check(case)
        except CheckFailed as error:
            found.append(error)
    return found


def check_case(spec: str | dict[str, Any], kind: RegisteredKind = "optimizer") -> None:
    """Run every check of its kind on a spec. CheckFailed lists all failures."""
    found = find_failures(TrainingCase(spec, kind))
    if found:
        raise CheckFailed("\n".join(map(str, found))) from found[0]
