"""The cases of tests/golden/*.h5: what the original Torch7 computes, in double precision.

A file has a group for each class, and in it one for each case: attributes say how the module is made, datasets what it
is fed and what it gives; ``params`` are put into the module first, ``grad_params_scaled`` is what a second accumulation
at scale 0.5 leaves on top, ``before`` and ``after`` are its buffers, ``skip`` what not to compare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from nntrain.nn.testing import Case

FILES = sorted(path for path in (Path(__file__).parent.parent / "golden").glob("*.h5") if path.stem != "optim")

# Laws that do not hold for what a class or a case does, each with its reason.
NO_INPUT_GRADIENT = "grad_input_matches_numerical_gradient"
NO_PARAMETER_GRADIENT = "grad_parameters_match_numerical_gradient"
FIRST = "where the elements of a window tie, the gradient goes to the first"
LEARNS_IN_FORWARD = "every forward in training changes the largest values that are kept among the parameters"
SKIP: dict[str, dict[str, str]] = {
    "BCECriterion/extremes": {NO_INPUT_GRADIENT: "the input lies on the edge of [0, 1]"},
    "CriterionTable/mse": {NO_INPUT_GRADIENT: "the target has no gradient"},
    "RReLU/equal_bounds_train": {"noise_uses_module_stream": "the noise has no room"},
    "SpatialMaxPooling/ties": {NO_INPUT_GRADIENT: FIRST},
    "TemporalMaxPooling/ties": {NO_INPUT_GRADIENT: FIRST},
    "VolumetricMaxPooling/ties": {NO_INPUT_GRADIENT: FIRST},
    "SpatialDropout/p_zero": {"noise_uses_module_stream": "nothing is dropped"},
    "VolumetricDropout/p_zero": {"noise_uses_module_stream": "nothing is dropped"},
    "Copy/to_single": {
        NO_INPUT_GRADIENT: "the output is too coarse",
        "float32_stays_float32": "changes the type on purpose",
    },
    "GradientReversal": {NO_INPUT_GRADIENT: "turns the gradient on purpose"},
    "ZeroGrad": {NO_INPUT_GRADIENT: "drops the gradient on purpose"},
    "L1Penalty": {NO_INPUT_GRADIENT: "adds the gradient of a penalty that is not part of the output"},
    "Kmeans": {NO_PARAMETER_GRADIENT: "a step towards the samples, no slope of the output"},
    "LookupTable/matrix_padding": {NO_PARAMETER_GRADIENT: "the padding row has no gradient on purpose"},
    "LookupTable/max_norm": {NO_PARAMETER_GRADIENT: "the gradient is that of the rescaled row"},
    "SparseLinear": {NO_INPUT_GRADIENT: "positions have no slope, and values one only by do_grad_input"},
    "IndexLinear": {
        NO_INPUT_GRADIENT: "the gradient is that of the dense vector, and there is one only by do_grad_input"
    },
    "IndexLinear/normalize": {
        NO_PARAMETER_GRADIENT: LEARNS_IN_FORWARD,
        "gradients_accumulate_with_scale": LEARNS_IN_FORWARD,
        "backward_matches_both_steps": LEARNS_IN_FORWARD,
        "share_ties_parameters": LEARNS_IN_FORWARD,
        "noise_uses_module_stream": LEARNS_IN_FORWARD,
    },
}

# What a Case keeps under the name that the file has for it, and the steps that a file's ``skip`` may name.
RESULTS = ("output", "grad_output", "grad_input", "output_evaluate")
ARRAYS = ("params", "grad_params", "grad_params_scaled")


def value(node: Any) -> Any:
    """An array, a number, or a table of them."""
    if isinstance(node, h5py.Group):
        return [value(node[key]) for key in sorted(node, key=int)]
    array = node[()]
    return array if isinstance(array, np.ndarray) else array.item()


def read(group: Any, cls: str, name: str) -> Case:
    """One case of a file."""
    skipped = json.loads(group.attrs.get("skip", "[]"))
    known: dict[str, Any] = {key: value(group[key]) for key in (*RESULTS, *ARRAYS, "input", "target") if key in group}
    for key in skipped:
        known.pop(key, None)
    for key in ("before", "after"):
        known[key] = {buffer: value(group[key][buffer]) for buffer in group.get(key, ())}
    return Case(
        name=f"golden-{name}",
        spec={"type": cls, **json.loads(group.attrs["kwargs"])},
        kind=group.attrs["kind"],
        train=bool(group.attrs["train"]),
        backward="backward" not in skipped,
        tolerance=float(group.attrs.get("tol", 1e-10)),
        relative="tol" in group.attrs,
        skip={**SKIP.get(cls, {}), **SKIP.get(f"{cls}/{name}", {})},
        **known,
    )


def groups() -> Iterator[tuple[str, str, Any]]:
    """Every case of every file: class, name, group."""
    for path in FILES:
        with h5py.File(path) as file:
            for cls in file:
                for name in file[cls]:
                    yield cls, name, file[cls][name]


def printed() -> list[tuple[Case, str]]:
    """The modules whose printed form is known, with positions counted from 0.

    A few classes here are functions in Torch that return a Sequential: these print otherwise.
    """
    known = [(read(group, cls, name), group.attrs.get("torch_repr")) for cls, name, group in groups()]
    return [
        (case, from_zero(text))
        for case, text in known
        if case.kind == "module" and text and (case.spec["type"] == "Sequential") == text.startswith("nn.Sequential")
    ]


def from_zero(text: str) -> str:
    """A tree of Torch with positions and axes counted from 0, and the prefix where Torch forgot it."""
    text = re.sub(r"\((\d+)\)(?=:| ->)", lambda match: f"({int(match[1]) - 1})", text)
    text = re.sub(r"(SelectTable\(|dim |GPU\()(\d+)", lambda match: f"{match[1]}{int(match[2]) - 1}", text)
    return text if text.startswith("nn.") else f"nn.{text}"


CASES: list[Case] = [read(group, cls, name) for cls, name, group in groups()]
