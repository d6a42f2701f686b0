"""All checks of optimizers, schedules and metrics, and the likely cause if one fails."""

from collections.abc import Callable
from typing import Any

from nntrain.nn.building.factory import RegisteredKind
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.training.testing import metric_checks, optimizer_checks, schedule_checks
from nntrain.training.testing.training_case import TrainingCase

# The checks of each kind by name: what ``as_check`` wraps in their modules.
CHECKS: dict[str, dict[str, Callable[[TrainingCase], None]]] = {
    kind: {name: check for name, check in sorted(vars(module).items()) if hasattr(check, "__wrapped__")}
    for kind, module in (("optimizer", optimizer_checks), ("schedule", schedule_checks), ("metric", metric_checks))
}

ADVICE = {
    "step_updates_in_place_and_keeps_gradient": (
        "step must change w in place, with out=w, not change dw, and keep vectors of the type of w: zeros_like(w)"
    ),
    "loss_decreases": "is the sign of the update wrong, or the default learning rate too large?",
    "resumes_bit_for_bit": "an attribute of its state is missing in state_names",
    "learning_rate_can_be_set": ("read self.learning_rate in every step; leave it None if there is no learning rate"),
    "repeated_steps_allocate_nothing": "compute with out= into self.get_scratch(w, name)",
    "spec_round_trip": "a constructor argument is changed, or cannot be written in a config",
    "learning_rates_are_finite": (
        "learning rates must be finite and at least 0, also for one step: is there a division by 0?"
    ),
    "learning_rate_depends_on_step_only": (
        "compute_factor may depend on step, steps and the scores of observe_score only"
    ),
    "warm_up_increases": "compute_warm_up must rise to the factor with which compute_factor starts",
    "state_round_trip": "an attribute of its state is missing in state or state_names",
    "value_matches_is_scalar": "set is_scalar = False if compute returns a table, {row: {column: number}}",
    "batches_match_all_rows": "keep sums over rows, not means of batches",
    "reset_clears_state": "reset must set every attribute that update changes",
    "sample_weights_match_repeated_rows": (
        "use the weights: self.sum_terms(terms, weights) and self.sum_weights(t, weights)"
    ),
    "batches_are_not_modified_or_kept": "the next batch overwrites the arrays of a batch: copy the values you keep",
    "higher_is_better_is_correct": "is higher_is_better wrong?",
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
