"""All cases of tests/cases, the original's and our own, and what a case needs before it can run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from nntrain import nn
from nntrain.errors import SpecError
from nntrain.hooks.registry import get_registry
from nntrain.nn.testing import Case
from nntrain_torch7.plugin import MAPPINGS


def all_cases() -> list[Case]:
    """The CASES of every module in this folder, by file and order."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__init__", "collect"))
    return [case for name in names for case in import_module(f"tests.cases.{name}").CASES]


def torch_cases() -> list[Case]:
    """The cases of registered classes that Torch7 has too."""
    return [case for case in all_cases() if not unregistered(case) and MAPPINGS.keys() >= set(types(case.spec))]


def types(spec: Any) -> Iterator[str]:
    """The class names in a spec, outermost first."""
    if isinstance(spec, dict):
        if "type" in spec:
            yield spec["type"]
        for value in spec.values():
            yield from types(value)
    elif isinstance(spec, list | tuple):
        for value in spec:
            yield from types(value)


def unregistered(case: Case) -> list[str]:
    """The classes that the case needs and nobody has registered."""
    known = {*get_registry().names("module"), *get_registry().names("criterion")}
    missing = [name for name in types(case.spec) if name not in known]
    return missing or inside(case)


def inside(case: Case) -> list[str]:
    """The unregistered classes that the classes of the case are made of."""
    try:
        nn.build(case.spec, case.kind)
    except SpecError as error:
        return re.findall(r"unknown [a-z ]+ '(\w+)'", str(error))
    return []
