"""``nntrain plugins check``: each planted fault is named, what is right is not blamed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from nntrain.nn.testing import ADVICE, LAWS
from tests.plugins import planted

Install = Callable[[str, str], None]
Said = Callable[..., tuple[int, str]]

# The planted fault, the law that it breaks first, and a word of what is said of it.
FAULTS = [
    (planted.WrongDerivative, "grad_input_is_the_numeric_slope", "a forgotten factor in the derivative"),
    (planted.WritesInput, "input_is_never_written", "it writes into what it is given"),
    (planted.AllocatesOutput, "the_same_shape_gives_the_same_memory", "it allocates a new output"),
    (planted.ForgetsScale, "gradients_accumulate_and_obey_scale", "is scale forgotten"),
    (planted.BreaksFloat32, "float32_stays_float32", "got float64 from float32"),
    (planted.BreaksFlattened, "flattening_keeps_working", "it keeps an array from before get_parameters"),
]


@pytest.fixture
def installed(install: Install) -> None:
    install("nntrain-planted", "tests.plugins.planted")


@pytest.mark.usefixtures("installed")
def test_six_planted_faults_are_named(said: Said) -> None:
    code, text = said("plugins", "check", "nntrain-planted")
    assert code == 1
    assert "module Right: obeys 19 laws in 1 case" in text
    assert text.endswith("1 in order, 6 broken\n")
    for cls, law, word in FAULTS:
        about = text.partition(f"module {cls.__name__}: breaks ")[2].partition("\n  module ")[0]
        assert about.splitlines()[1].startswith(f"    {law}: ")
        assert word in about


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("cls", "law", "word"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_one_class_is_told_in_json(cls: type, law: str, word: str, said: Said) -> None:
    code, text = said("plugins", "check", cls.__name__, "--json")
    (verdict,) = json.loads(text)
    assert (code, verdict["passed"], verdict["name"]) == (1, False, cls.__name__)
    assert (verdict["distribution"], verdict["version"]) == ("nntrain-planted", "1.2")
    fault = verdict["faults"][0]
    assert (fault["law"], fault["advice"]) == (law, ADVICE[law])
    assert word in fault["what"] + fault["advice"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("word", ["nntrain-planted", "nntrain_planted", "Nntrain.Planted"])
def test_a_distribution_has_several_spellings(word: str, said: Said) -> None:
    assert said("plugins", "check", word)[1].endswith("1 in order, 6 broken\n")


@pytest.mark.usefixtures("installed")
def test_without_a_name_all_but_nntrain_s_own_are_checked(said: Said) -> None:
    code, text = said("plugins", "check")
    assert (code, text.endswith("1 in order, 6 broken\n")) == (1, True)
    assert "nntrain 0" not in text


@pytest.mark.usefixtures("installed")
def test_what_is_not_there_is_one_line(said: Said) -> None:
    assert said("plugins", "check", "WritesInputs") == (
        2,
        "Error: no plugin, distribution or class is called 'WritesInputs'; did you mean 'WritesInput'?\n",
    )


def test_nothing_installed_is_said(said: Said) -> None:
    code, text = said("plugins", "check")
    if "No plugin is installed" not in text:
        pytest.skip("another plugin is installed here")
    assert code == 0


def test_nntrain_s_own_classes_break_no_law(said: Said) -> None:
    code, text = said("plugins", "check", "nntrain", "--json")
    verdicts: list[dict[str, Any]] = json.loads(text)
    assert code == 0
    assert sum(verdict["unchecked"] is None for verdict in verdicts) > 120


def test_every_law_has_an_advice() -> None:
    assert set(ADVICE) == set(LAWS)
