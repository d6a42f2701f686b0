"""What is likely wrong with an optimizer, schedule or metric that breaks a law, in words."""

from __future__ import annotations

__all__ = ["ADVICE"]

ADVICE = {
    "step_updates_in_place_and_keeps_gradient": (
        "it must change w itself, with out=w, leave dw as it is, and keep vectors of the type of w: zeros_like(w)"
    ),
    "loss_decreases": "is the sign of the update turned, or a rate of the defaults too large?",
    "resumes_bit_for_bit": "something that it remembers is missing in state_names",
    "learning_rate_can_be_set": "it must read self.learning_rate in every step; what has no rate leaves it None",
    "repeated_steps_allocate_nothing": "compute with out= into self.scratch(w, name)",
    "spec_round_trip": "a constructor argument is changed, or cannot be written in a config",
    "learning_rates_are_finite": (
        "a learning rate must be a number of at least 0, also in runs of one step: is there a division by 0?"
    ),
    "learning_rate_depends_on_step_only": (
        "compute_factor may depend on step, steps and the scores of observe_score only"
    ),
    "warm_up_increases": "compute_warm_up must rise to the share that compute_factor begins with",
    "state_round_trip": "something that it remembers is missing in state, or in state_names",
    "value_matches_is_scalar": "set is_scalar = False if compute gives a table, {row: {column: number}}",
    "batches_match_all_rows": "keep sums over rows, not means of batches",
    "reset_clears_state": "reset must set every attribute that update changes",
    "sample_weights_match_repeated_rows": (
        "use the weights: self.sum_terms(terms, weights) and self.sum_weights(t, weights)"
    ),
    "batches_are_not_modified_or_kept": "the arrays of a batch are overwritten by the next: copy what you keep",
    "higher_is_better_is_correct": "is higher_is_better turned?",
}
