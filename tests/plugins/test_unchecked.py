"""``nntrain plugins check`` of classes for which no input is known: a line with the case to add, and exit code 6."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

Said = Callable[..., tuple[int, str]]


def test_a_class_that_needs_more_is_not_checked(written: Callable[[str], None], said: Said) -> None:
    written(
        "from nntrain.nn import Module\n"
        "class Named(Module):\n"
        "    def __init__(self, title: str) -> None: ...\n"
        "@hookimpl\n"
        "def nntrain_modules():\n"
        "    return [Named]\n"
    )
    assert said("plugins", "check") == (
        6,
        "nntrain-written 1.2\n"
        "  module Named: not checked: its constructor needs 'title'; provide one by the hook nntrain_cases: "
        "Case('small', {'type': 'Named', ...}, x)\n"
        "1 not checked\n"
        "Error: 1 class could not be checked; add a case for each with the hook nntrain_cases\n",
    )
    code, text = said("plugins", "check", "--json")
    assert (code, json.loads(text)[0]["unchecked"][:28]) == (6, "its constructor needs 'title")


@pytest.mark.parametrize(
    ("hook", "base", "given"),
    [
        ("optimizers", "nntrain.optim import Optimizer", "TrainingCase({'type': 'named', ...})"),
        ("schedules", "nntrain.optim import Schedule", "TrainingCase({'type': 'named', ...}, kind='schedule')"),
        (
            "criterions",
            "nntrain.nn import Criterion",
            "Case('small', {'type': 'Named', ...}, x, target, kind='criterion')",
        ),
    ],
)
def test_the_case_to_add_is_reported_for_every_kind(
    hook: str, base: str, given: str, written: Callable[[str], None], said: Said
) -> None:
    written(
        f"from {base} as Base\n"
        "class Named(Base):\n"
        "    def __init__(self, title: str) -> None: ...\n"
        "    def compute_factor(self, step, steps): ...\n"
        "@hookimpl\n"
        f"def nntrain_{hook}():\n"
        "    return [Named]\n"
    )
    code, text = said("plugins", "check", "Named")
    assert (code, f"provide one by the hook nntrain_cases: {given}\n" in text) == (6, True), text


def test_a_fault_counts_more_than_a_class_that_is_not_checked(written: Callable[[str], None], said: Said) -> None:
    written(
        "from nntrain.nn import Module\n"
        "from tests.plugins.planted import WrongDerivative\n"
        "class Named(Module):\n"
        "    def __init__(self, title: str) -> None: ...\n"
        "@hookimpl\n"
        "def nntrain_modules():\n"
        "    return [Named, WrongDerivative]\n"
    )
    code, text = said("plugins", "check", "nntrain-written")
    assert (code, text.endswith("1 failed, 1 not checked\n")) == (1, True)


def test_a_kind_without_laws_needs_no_check(written: Callable[[str], None], said: Said) -> None:
    written("import click\n@hookimpl\ndef nntrain_commands():\n    return [click.Command('count')]\n")
    assert said("plugins", "check", "nntrain-written") == (
        0,
        "nntrain-written 1.2\n  command count: nothing to check: there are no checks for a command\n1 without checks\n",
    )
