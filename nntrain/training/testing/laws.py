"""All laws of optimizers, schedules and metrics, and the check of one by those of its kind."""

from __future__ import annotations

from typing import Any

from nntrain.nn.building.factory import RegisteredKind
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.training.testing import metric_laws, optimizer_laws, schedule_laws
from nntrain.training.testing.trial import Trial

__all__ = ["LAWS", "broken", "check"]

# Of each kind the laws by name: what the modules list.
LAWS = {
    kind: {name: getattr(module, name) for name in module.__all__}
    for kind, module in (("optimizer", optimizer_laws), ("schedule", schedule_laws), ("metric", metric_laws))
}


def broken(trial: Trial) -> list[CheckFailed]:
    """What each law of the kind has against it."""
    found = []
    for law in LAWS[trial.kind].values():
        try:
            law(trial)
        except CheckFailed as error:
            found.append(error)
    return found


def check(given: str | dict[str, Any], kind: RegisteredKind = "optimizer") -> None:
    """Hold what a config writes against every law of its kind. LawBroken tells of all that are broken."""
    found = broken(Trial(given, kind))
    if found:
        raise CheckFailed("\n".join(map(str, found))) from found[0]
