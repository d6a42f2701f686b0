"""``nntrain plugins check`` of what cannot be used at all: one line each, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def text(install: Callable[[str, str], None], said: Callable[..., tuple[int, str]]) -> str:
    install("nntrain-unfit", "tests.plugins.unfit")
    code, text = said("plugins", "check", "nntrain-unfit")
    assert code == 1
    return text


@pytest.mark.parametrize(
    "told",
    [
        "  module Unwritten: is broken\n    it_runs: it cannot be used\n"
        "      Unwritten: does not override abstract methods of its base: derivative, value\n",
        "      Foreign: expected a subclass of Module, got object\n",
        "  module Raises: not checked: it fails on every input that was tried: RuntimeError: out of order;",
        "  criterion Words: not checked: it fails on every input that was tried: ",
        "  optimizer Stepless: fails 1 of 6 checks\n    loss_decreases: the class raises an error in this check\n"
        "      stepless: NotImplementedError: Stepless needs the objective; call advance(opfunc, w)\n",
        "      valueless: does not override abstract methods of its base: compute, update\n",
        "\n4 failed, 2 not checked\n",
    ],
)
def test_each_is_reported(told: str, text: str) -> None:
    assert told in text
