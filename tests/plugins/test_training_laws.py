"""The laws of optimizers, schedules and metrics: what is right obeys all, and each mistake is found by its law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nntrain.nn.testing import CheckFailed
from nntrain.training.testing import ADVICE, CHECKS, TrainingCase, check_case, find_failures
from tests.plugins.mistaken import MISTAKES


@pytest.fixture(autouse=True)
def installed(install: Callable[[str, str], None]) -> None:
    install("nntrain-mistaken", "tests.plugins.mistaken")


@pytest.mark.parametrize(("given", "kind"), [("right", "optimizer"), ("steady", "schedule"), ("hits", "metric")])
def test_what_is_right_obeys_every_law(given: str, kind: Any) -> None:
    check_case(given, kind)


@pytest.mark.parametrize(("kind", "law", "name"), MISTAKES, ids=lambda value: str(value))
def test_a_mistake_is_found_by_its_law(kind: Any, law: str, name: str) -> None:
    assert law in [error.check for error in find_failures(TrainingCase(name, kind))]
    with pytest.raises(CheckFailed, match=f"{name}: {law}: "):
        check_case({"type": name}, kind)


def test_every_law_has_a_mistake_that_it_finds_and_an_advice() -> None:
    assert {(kind, law) for kind, law, _ in MISTAKES} == {(kind, law) for kind, laws in CHECKS.items() for law in laws}
    assert set(ADVICE) == {law for laws in CHECKS.values() for law in laws}


def test_plugins_check_shows_them(said: Callable[..., tuple[int, str]]) -> None:
    code, text = said("plugins", "check", "nntrain-mistaken")
    assert code == 1
    assert "optimizer Right: passes 6 checks in 1 case\n" in text
    assert "optimizer Climbs: fails" in text
    assert "    loss_decreases: is the sign of the update wrong" in text
    assert text.endswith(f"3 passed, {len(MISTAKES)} failed\n")
