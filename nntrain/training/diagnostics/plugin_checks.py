"""Plugins held against the laws of what they bring."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from io import StringIO
from itertools import groupby
from typing import Any, cast

from nntrain.errors import PluginError, UnknownNameError, suggest_name
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import Plugin, RegisteredClass, Registry
from nntrain.nn import Criterion, Module
from nntrain.nn import testing as nn
from nntrain.nn.building.factory import find_option_problems
from nntrain.nn.testing import Case
from nntrain.nn.testing.case_inference import guess_case
from nntrain.nn.testing.pass_result import prepare_component, run_pass
from nntrain.optim import Optimizer, Schedule
from nntrain.training import Metric
from nntrain.training import testing as training
from nntrain.training.diagnostics.plugin_cases import AnyCase, PluginCases
from nntrain.training.diagnostics.plugin_check_result import CheckFailure, PluginCheckResult
from nntrain.training.testing import TrainingCase

__all__ = ["check_plugins"]

# What stands in the place of all laws where nothing can be computed.
RUN_CHECK = "it_runs"

# What is said of a law on whose way the class ends in an error: the same error is told once.
ERROR_ADVICE = "it ends in an error on the way"

BASE_CLASSES = {
    "module": Module,
    "criterion": Criterion,
    "optimizer": Optimizer,
    "schedule": Schedule,
    "metric": Metric,
}

ADVICE = {**nn.ADVICE, **training.ADVICE}


def check_plugins(registry: Registry, name: str | None) -> Iterator[PluginCheckResult]:
    """The verdicts on a distribution, a plugin or a class; without ``name`` on all that is not nntrain's own.

    UnknownNameError if nothing is called so.
    """
    known: set[str] = set()
    found = False
    for distribution, members in groupby(registry.plugins, key=lambda plugin: plugin.distribution):
        plugins = list(members)
        told: PluginCases | None = None
        for plugin in plugins:
            known |= {plugin.name, distribution, *(entry.name for entry in plugin.provides)}
            whole = distribution != PROJECT if name is None else is_named(plugin, name)
            entries = [entry for entry in plugin.provides if whole or entry.name == name]
            if whole or entries:
                found = True
                told = told or PluginCases(plugins)
                yield from check_plugin_cases(plugin, told) if whole else ()
                yield from (check_class(registry, entry, told) for entry in entries)
    if name is not None and not found:
        raise UnknownNameError(f"no plugin, distribution or class is called {name!r}{suggest_name(name, known)}")


def is_named(plugin: Plugin, name: str) -> bool:
    """Whether a word is a plugin's name, or that of its distribution in any of its spellings."""
    return name == plugin.name or normalize_name(name) == normalize_name(plugin.distribution)


def normalize_name(distribution: str) -> str:
    """The name of a distribution as installers compare it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def check_plugin_cases(plugin: Plugin, plugin_cases: PluginCases) -> Iterator[PluginCheckResult]:
    """The verdict on a plugin that is broken, or whose cases are wrong."""
    faults = plugin_cases.faults[plugin.name]
    if faults:
        yield PluginCheckResult(plugin.distribution, plugin.version, plugin.name, "plugin", plugin.name, faults=faults)


def check_class(registry: Registry, entry: RegisteredClass, plugin_cases: PluginCases) -> PluginCheckResult:
    """The verdict on one class, unless another claims its name."""
    blank = PluginCheckResult(entry.distribution, entry.version, entry.plugin, entry.kind, entry.name)
    try:
        if registry.find(entry.kind, entry.name) is not entry:
            raise PluginError(f"{entry.kind} {entry.name!r} is claimed by {PROJECT} itself: give it another name")
    except PluginError as error:
        return replace(
            blank, faults=(CheckFailure("its_name", entry.name, str(error), "nobody can use it under this name"),)
        )
    if lack := find_defect(entry):
        return replace(blank, faults=(CheckFailure(RUN_CHECK, entry.name, lack, "it cannot be used"),))
    with warnings.catch_warnings(record=True) as heard, redirect_stdout(StringIO()):
        warnings.simplefilter("always")
        verdict = run_checks(blank, entry, plugin_cases.get_cases(entry))
    going = {str(warning.message): None for warning in heard if issubclass(warning.category, DeprecationWarning)}
    return replace(verdict, deprecated=tuple(going))


def find_defect(entry: RegisteredClass) -> str | None:
    """What a class must be, or have, before there is anything to try; None if it lacks nothing."""
    base = BASE_CLASSES.get(entry.kind)
    if base is not None and not issubclass(entry.cls, base):
        return f"expected a subclass of {base.__name__}, got {', '.join(cls.__name__ for cls in entry.cls.__bases__)}"
    abstract = (name for name in dir(entry.cls) if is_abstract(getattr(entry.cls, name, None)))
    unwritten = ", ".join(sorted(abstract))
    return f"its base leaves to it to write: {unwritten}" if unwritten else None


def is_abstract(member: object) -> bool:
    """Whether a method is there to be overridden."""
    return getattr(member, "__isabstractmethod__", False) is True


def run_checks(result: PluginCheckResult, entry: RegisteredClass, cases: list[AnyCase]) -> PluginCheckResult:
    """The verdict on one class in its cases, or in one that is guessed."""
    if not cases:
        if entry.kind not in BASE_CLASSES:
            return replace(result, exempt=f"there are no laws for a {entry.kind}")
        case, why = infer_case(entry)
        if case is None:
            return replace(result, unchecked=why)
        cases = [case]
    faults = [fault for case in cases for fault in find_failures(case)]
    return replace(
        result,
        cases=tuple(str(case) for case in cases),
        laws=get_checks(cases),
        skipped={law: reason for case in cases if isinstance(case, Case) for law, reason in case.skip.items()},
        faults=tuple(sorted(faults, key=lambda fault: [RUN_CHECK, *ADVICE].index(fault.law))),
    )


def infer_case(entry: RegisteredClass) -> tuple[AnyCase | None, str]:
    """A case for a class that has none, or why there is none."""
    if entry.kind in ("module", "criterion"):
        case, why = guess_case(entry.cls)
        kind = "" if entry.kind == "module" else ", target, kind='criterion'"
        return (
            case,
            f"{why}; give one by the hook nntrain_cases: Case('small', {{'type': '{entry.name}', ...}}, x{kind})",
        )
    trial = TrainingCase(entry.name.lower(), cast(Any, entry.kind))
    with suppress(Exception):  # a fault, which is told with the others
        if problems := find_option_problems(trial.spec, trial.kind):
            kind = "" if entry.kind == "optimizer" else f", kind={entry.kind!r}"
            given = f"TrainingCase({{'type': '{trial.spec}', ...}}{kind})"
            return None, f"{problems[0][1]}; give one by the hook nntrain_cases: {given}"
    return trial, ""


def get_checks(cases: list[AnyCase]) -> tuple[str, ...]:
    """The laws that cases of one class are held against."""
    laws = {law for case in cases for law in get_case_checks(case)}
    return tuple(law for law in ADVICE if law in laws)


def get_case_checks(case: AnyCase) -> list[str]:
    """The laws that a case is held against."""
    if isinstance(case, TrainingCase):
        return list(training.CHECKS[case.kind])
    return [law for law in nn.CHECKS if nn.is_applicable(law, case)]


def find_failures(case: AnyCase) -> list[CheckFailure]:
    """The laws that are broken in a case; one fault if it cannot be run at all."""
    try:
        case.build() if isinstance(case, TrainingCase) else run_pass(prepare_component(case), case)
    except Exception as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return [CheckFailure(RUN_CHECK, str(case), what, "what the case says cannot be run")]
    found = training.find_failures(case) if isinstance(case, TrainingCase) else nn.find_failures(case)
    failed = {error.message: error for error in reversed(found) if error.__cause__ is not None}
    return [
        CheckFailure(
            error.check, error.case, error.message, ERROR_ADVICE if error.message in failed else ADVICE[error.check]
        )
        for error in found
        if failed.get(error.message, error) is error
    ]
