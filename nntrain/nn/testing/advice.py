"""What is likely wrong with a component that breaks a law, in words."""

from __future__ import annotations

__all__ = ["ADVICE"]

# Law by law; first those that, if broken, are the reason why others are.
ADVICE = {
    "inputs_are_not_modified": (
        "it writes into what it is given: write into output_of(...), grad_input_of(x) or buffer(...)"
    ),
    "same_shape_reuses_memory": (
        "it allocates a new output or gradient in each pass: compute into output_of(...) and "
        "grad_input_of(x), with out="
    ),
    "module_works_after_flattening": (
        "it keeps an array from before get_parameters: read the parameter from its attribute in every pass"
    ),
    "output_form_is_valid": (
        "set output_form to 'logits', 'log_probabilities', 'probabilities' or 'values', and let readout leave its "
        "input and the loss as they are"
    ),
    "output_matches_reference": "it computes something else than the case knows",
    "grad_input_matches_numerical_gradient": "the derivative is wrong: look at update_grad_input, or at derivative",
    "grad_parameters_match_numerical_gradient": "the derivative by a parameter is wrong: look at acc_grad_parameters",
    "gradients_accumulate_with_scale": (
        "acc_grad_parameters must add scale · gradient to what is there: is scale forgotten, or the gradient "
        "overwritten?"
    ),
    "backward_matches_both_steps": "backward does something else than update_grad_input and acc_grad_parameters",
    "arrays_with_gradients_are_parameters": (
        "name the attribute in parameter_names: parameters() gives these and, in a container, those of its modules"
    ),
    "batch_matches_single_samples": (
        "a sample is computed otherwise in a batch than alone: is a sum or mean taken over the batch? If that "
        "is meant, the case has no batch_axis"
    ),
    "batch_size_can_change": "something is kept in the size of the first batch",
    "strided_inputs_give_same_results": "it takes for granted that arrays are compact",
    "repeated_steps_allocate_nothing": (
        "it makes temporary arrays of the size of the batch: compute with out= into buffer(...)"
    ),
    "float32_stays_float32": (
        "float64 comes in: is there an array or a constant of float64, or an array made without like=?"
    ),
    "spec_and_repr_round_trip": "an argument of the constructor is changed later, or cannot be written in a config",
    "state_round_trip": "something that it remembers is in no parameter: name the attribute in buffer_names",
    "clone_gives_same_results": "the copy shares memory with the original, or lacks something",
    "share_ties_parameters": "share does not tie all parameters: are they attributes in parameter_names?",
    "evaluation_is_deterministic": (
        "it draws noise in evaluate mode, or draws from a stream that is not its own: see Noise"
    ),
    "noise_uses_module_stream": "it draws from something else than self.generator: see Noise",
}
