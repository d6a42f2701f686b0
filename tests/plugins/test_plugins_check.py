"""``nntrain plugins check``: each planted fault is named, what is right is not blamed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from nntrain.hooks.registry import PluginWarning, get_registry
from nntrain.nn.testing import ADVICE, CHECKS
from nntrain.training.diagnostics.plugin_cases import CASE_ADVICE as ADVICE_ON_CASES
from tests.plugins import planted

Install = Callable[[str, str], None]
Said = Callable[..., tuple[int, str]]

# The planted fault, the law that it breaks first, and a word of what is said of it.
FAULTS = [
    (planted.WrongDerivative, "grad_input_matches_numerical_gradient", "is a factor in the derivative missing"),
    (planted.WritesInput, "inputs_are_not_modified", "it writes into its inputs"),
    (planted.AllocatesOutput, "same_shape_reuses_memory", "it allocates a new output"),
    (planted.ForgetsScale, "gradients_accumulate_with_scale", "is scale missing"),
    (planted.BreaksFloat32, "float32_stays_float32", "got float64 from float32"),
    (planted.BreaksFlattened, "module_works_after_flattening", "it keeps an array from before get_parameters"),
]


@pytest.fixture
def installed(install: Install) -> None:
    install("nntrain-planted", "tests.plugins.planted")


@pytest.mark.usefixtures("installed")
def test_six_planted_faults_are_named(said: Said) -> None:
    code, text = said("plugins", "check", "nntrain-planted")
    assert code == 1
    assert "module Right: passes 20 checks in 1 case" in text
    assert text.endswith("1 passed, 6 failed\n")
    for cls, law, word in FAULTS:
        about = text.partition(f"module {cls.__name__}: fails ")[2].partition("\n  module ")[0]
        assert about.splitlines()[1].startswith(f"    {law}: ")
        assert word in about


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("cls", "law", "word"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_one_class_is_reported_in_json(cls: type, law: str, word: str, said: Said) -> None:
    code, text = said("plugins", "check", cls.__name__, "--json")
    (verdict,) = json.loads(text)
    assert (code, verdict["passed"], verdict["name"]) == (1, False, cls.__name__)
    assert (verdict["distribution"], verdict["version"]) == ("nntrain-planted", "1.2")
    fault = verdict["failures"][0]
    assert (fault["check"], fault["advice"]) == (law, ADVICE[law])
    assert word in fault["what"] + fault["advice"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("word", ["nntrain-planted", "nntrain_planted", "Nntrain.Planted"])
def test_a_distribution_has_several_spellings(word: str, said: Said) -> None:
    assert said("plugins", "check", word)[1].endswith("1 passed, 6 failed\n")


@pytest.mark.usefixtures("installed")
def test_without_a_name_all_but_nntrain_s_own_are_checked(said: Said) -> None:
    code, text = said("plugins", "check")
    assert (code, text.endswith("1 passed, 6 failed\n")) == (1, True)
    assert "nntrain 0" not in text


@pytest.mark.usefixtures("installed")
def test_what_is_not_there_is_one_line(said: Said) -> None:
    assert said("plugins", "check", "WritesInputs") == (
        2,
        "Error: no plugin, distribution or class is named 'WritesInputs'; did you mean 'WritesInput'?\n",
    )


def test_nothing_installed_is_stated(said: Said) -> None:
    code, text = said("plugins", "check")
    if "No plugins are installed" not in text:
        pytest.skip("another plugin is installed here")
    assert code == 0


def test_nntrain_s_own_classes_break_no_law(said: Said) -> None:
    code, text = said("plugins", "check", "nntrain", "--json")
    verdicts: list[dict[str, Any]] = json.loads(text)
    # Those that need inputs of their own have cases in tests/cases instead.
    assert code == 6
    assert all(verdict["passed"] for verdict in verdicts)
    assert sum(verdict["unchecked"] is None for verdict in verdicts) > 120


def test_every_law_has_an_advice() -> None:
    assert set(ADVICE) == set(CHECKS)


ADDS_ONE = """
import warnings
import numpy as np
from nntrain.nn import Module
from nntrain.nn.testing import Case

class AddsOne(Module):
    def update_output(self, x):
        warnings.warn("nn.old ends with nntrain 9; use nn.new", DeprecationWarning)
        print("seen")
        return np.add(x, 1, out=self.output_of(x.shape, like=x))

    def update_grad_input(self, x, dy):
        np.copyto(self.grad_input_of(x), dy)
        return self.grad_input

@hookimpl
def nntrain_modules():
    return [AddsOne]

@hookimpl
def nntrain_cases():
    skip = {"share_ties_parameters": "for the test"}
    return [Case("mine", {"type": "AddsOne"%s}, np.ones((2, 3)), batch_axis=0, skip=skip)]
"""


def test_what_will_go_and_what_is_left_out_is_reported(written: Callable[[str], None], said: Said) -> None:
    written(ADDS_ONE % "")
    assert said("plugins", "check", "AddsOne") == (
        0,
        "nntrain-written 1.2\n"
        "  module AddsOne: passes 19 checks in 1 case\n"
        "    skipped: share_ties_parameters: for the test\n"
        "    deprecated: nn.old ends with nntrain 9; use nn.new\n"
        "1 passed\n",
    )


def test_a_case_that_cannot_be_run_is_one_fault(written: Callable[[str], None], said: Said) -> None:
    written(ADDS_ONE % ', "by": 2')
    code, text = said("plugins", "check", "nntrain-written")
    assert code == 1
    assert (
        "it_runs: the class of the case cannot be built or run\n      AddsOne-mine: SpecError: by: AddsOne has no"
        in text
    )


def test_a_broken_plugin_is_a_fault(written: Callable[[str], None], said: Said) -> None:
    written("raise OSError('no licence')")
    with pytest.warns(PluginWarning):
        get_registry()
    code, text = said("plugins", "check", "nntrain-written")
    assert code == 1
    assert "plugin nntrain-written: is broken" in text
    assert "nntrain-written: OSError: no licence" in text


@pytest.mark.parametrize(
    ("cases", "told"),
    [
        ("1 / 0", "nntrain-written: ZeroDivisionError: division by zero"),
        ("[{'type': 'Named'}]", "nntrain-written: expected a Case or a TrainingCase, got {'type': 'Named'}"),
        (
            "[Case('x', {'type': 'Nomed'}, None)]",
            "Nomed-x: is not for a class of nntrain-written; did you mean 'Named'?",
        ),
        ("[TrainingCase('namd')]", "namd: is not for a class of nntrain-written; did you mean 'Named'?"),
    ],
)
def test_cases_that_are_none_are_faults(cases: str, told: str, written: Callable[[str], None], said: Said) -> None:
    written(
        "from nntrain.nn import Module\n"
        "from nntrain.nn.testing import Case\n"
        "from nntrain.training.testing import TrainingCase\n"
        "class Named(Module): ...\n"
        "@hookimpl\n"
        "def nntrain_modules():\n"
        "    return [Named]\n"
        "@hookimpl\n"
        "def nntrain_cases():\n"
        f"    return {cases}\n"
    )
    code, text = said("plugins", "check", "nntrain-written")
    assert code == 1
    assert f"    nntrain_cases: {ADVICE_ON_CASES}\n      {told}\n" in text


@pytest.mark.filterwarnings("ignore::nntrain.hooks.registry.PluginWarning")
def test_a_name_that_another_claims_is_a_fault(written: Callable[[str], None], said: Said) -> None:
    written(
        "from nntrain.nn import Module\n"
        "class Linear(Module): ...\n"
        "@hookimpl\n"
        "def nntrain_modules():\n"
        "    return [Linear]\n"
    )
    code, text = said("plugins", "check", "nntrain-written")
    assert code == 1
    assert "'Linear' is the name of a built-in class" in text


def test_a_case_of_a_container_counts_for_the_class_inside(written: Callable[[str], None], said: Said) -> None:
    written(ADDS_ONE.replace('{"type": "AddsOne"%s}', '{"type": "Sequential", "modules": [{"type": "AddsOne"}]}'))
    code, text = said("plugins", "check", "AddsOne", "--json")
    assert code == 0
    assert json.loads(text)[0]["cases"] == ["Sequential-mine"]
