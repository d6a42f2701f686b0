"""Likely causes of failed checks."""

# By check; those whose failures cause failures of others come first.
ADVICE = {
    "inputs_are_not_modified": (
        "it writes into its inputs: write into output_of(...), grad_input_of(x) or buffer(...)"
    ),
    "same_shape_reuses_memory": (
        "it allocates a new output or gradient in each pass: compute into output_of(...) and "
        "grad_input_of(x), with out="
    ),
    "module_works_after_flattening": (
        "it keeps an array from before get_parameters: read the parameter from its attribute in every pass"
    ),
    "output_form_is_valid": (
        "set output_form to 'logits', 'log_probabilities', 'probabilities' or 'values'; to_output_form must not "
        "change its input or the loss"
    ),
    "output_matches_reference": "it computes other results than the case contains",
    "grad_input_matches_numerical_gradient": "the gradient is wrong: check update_grad_input, or derivative",
    "grad_parameters_match_numerical_gradient": "the gradient of a parameter is wrong: check acc_grad_parameters",
    "gradients_accumulate_with_scale": (
        "acc_grad_parameters must add scale · gradient to the existing gradient: is scale missing, is the gradient "
        "overwritten, or does a method marked with nn.writes not pass it to accumulate?"
    ),
    "backward_matches_both_steps": "backward differs from update_grad_input and acc_grad_parameters",
    "arrays_with_gradients_are_parameters": (
        "add the attribute to parameter_names: parameters() returns these and, in a container, those of its modules"
    ),
    "batch_matches_single_samples": (
        "a sample in a batch gives other results than alone: is there a sum or mean over the batch? If that "
        "is intended, remove batch_axis from the case"
    ),
    "batch_size_can_change": "some array keeps the size of the first batch",
    "strided_inputs_give_same_results": "it assumes that arrays are contiguous",
    "repeated_steps_allocate_nothing": (
        "it allocates temporary arrays of the size of the batch: compute with out= into buffer(...)"
    ),
    "float32_stays_float32": (
        "a float64 array is involved: is there a float64 array or constant, or a buffer without like=?"
    ),
    "spec_and_repr_round_trip": "a constructor argument is changed later, or is not a JSON value",
    "state_round_trip": "some state is not a parameter: add the attribute to buffer_names",
    "clone_gives_same_results": "the copy shares memory with the original, or lacks some state",
    "share_ties_parameters": "share does not tie all parameters: are they in parameter_names?",
    "evaluation_is_deterministic": (
        "it is stochastic in evaluation mode, or uses another random stream than self.generator: see Noise"
    ),
    "noise_uses_module_stream": "it uses another random stream than self.generator: see Noise",
}
