"""Run the checks of their kind on the classes of plugins."""

import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from nntrain.errors import PluginError, UnknownNameError, suggest_name
from nntrain.hooks import PROJECT
from nntrain.hooks.plugin_selection import normalize_name
from nntrain.hooks.registry import RegisteredClass, Registry
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

# The check that is reported instead of the others if the class cannot run at all.
RUN_CHECK = "it_runs"

# The advice for a check in which the class raises an error; the same error is reported once.
ERROR_ADVICE = "the class raises an error in this check"

BASE_CLASSES = {
    "module": Module,
    "criterion": Criterion,
    "optimizer": Optimizer,
    "schedule": Schedule,
    "metric": Metric,
}

ADVICE = {**nn.ADVICE, **training.ADVICE}


def check_plugins(registry: Registry, name: str | None) -> Iterator[PluginCheckResult]:
    """Yield the results for a distribution, a plugin or a class; without ``name`` for everything that is not built-in.

    UnknownNameError for an unknown name.
    """
    known: set[str] = set()
    found = False
    for distribution, members in groupby(registry.plugins, key=lambda plugin: plugin.distribution):
        plugins = list(members)
        is_named = name is not None and normalize_name(name) == normalize_name(distribution)
        cases: PluginCases | None = None
        for plugin in plugins:
            known |= {plugin.name, distribution, *(entry.name for entry in plugin.provides)}
            selected = distribution != PROJECT if name is None else is_named or name == plugin.name
            entries = [entry for entry in plugin.provides if selected or entry.name == name]
            if selected or entries:
                found = True
                cases = cases or PluginCases(plugins)
                if selected and (failures := cases.failures[plugin.name]):
                    yield PluginCheckResult(
                        plugin.distribution, plugin.version, plugin.name, "plugin", plugin.name, failures=failures
                    )
                yield from (check_class(registry, entry, cases) for entry in entries)
    if name is not None and not found:
        hint = f"; install it: pip install ./{name}" if Path(name).is_dir() else suggest_name(name, known)
        raise UnknownNameError(f"no plugin, distribution or class is named {name!r}{hint}")


def check_class(registry: Registry, entry: RegisteredClass, plugin_cases: PluginCases) -> PluginCheckResult:
    """Return the result for one class."""
    blank = PluginCheckResult(entry.distribution, entry.version, entry.plugin, entry.kind, entry.name)
    try:
        if registry.find(entry.kind, entry.name) is not entry:
            raise PluginError(f"{entry.kind} {entry.name!r} is the name of a built-in class; choose another name")
    except PluginError as error:
        return replace(
            blank, failures=(CheckFailure("its_name", entry.name, str(error), "it cannot be used with this name"),)
        )
    if lack := find_defect(entry):
        return replace(blank, failures=(CheckFailure(RUN_CHECK, entry.name, lack, "it cannot be used"),))
    with warnings.catch_warnings(record=True) as caught, redirect_stdout(StringIO()):
        warnings.simplefilter("always")
        result = run_checks(blank, entry, plugin_cases.get_cases(entry))
    deprecated = {str(item.message): None for item in caught if issubclass(item.category, DeprecationWarning)}
    return replace(result, deprecated=tuple(deprecated))


def find_defect(entry: RegisteredClass) -> str | None:
    """Return what a class lacks before it can be checked; None if nothing."""
    base = BASE_CLASSES.get(entry.kind)
    if base is not None and not issubclass(entry.cls, base):
        return f"expected a subclass of {base.__name__}, got {', '.join(cls.__name__ for cls in entry.cls.__bases__)}"
    members = {name: getattr(entry.cls, name, None) for name in dir(entry.cls)}
    abstract = [name for name, item in members.items() if getattr(item, "__isabstractmethod__", False) is True]
    return f"does not override abstract methods of its base: {', '.join(sorted(abstract))}" if abstract else None


def run_checks(result: PluginCheckResult, entry: RegisteredClass, cases: list[AnyCase]) -> PluginCheckResult:
    """Return the result for one class in its cases, or in an inferred one."""
    if not cases:
        if entry.kind not in BASE_CLASSES:
            return replace(result, exempt=f"there are no checks for a {entry.kind}")
        case, reason = infer_case(entry)
        if case is None:
            return replace(result, unchecked=reason)
        cases = [case]
    failures = [failure for case in cases for failure in find_failures(case)]
    return replace(
        result,
        cases=tuple(str(case) for case in cases),
        checks=get_checks(cases),
        skipped={check: reason for case in cases if isinstance(case, Case) for check, reason in case.skip.items()},
        failures=tuple(sorted(failures, key=lambda failure: [RUN_CHECK, *ADVICE].index(failure.check))),
    )


def infer_case(entry: RegisteredClass) -> tuple[AnyCase | None, str]:
    """Infer a case for a class without cases, or return the reason that this is not possible."""
    if entry.kind in ("module", "criterion"):
        case, reason = guess_case(entry.cls)
        kind = "" if entry.kind == "module" else ", target, kind='criterion'"
        return (
            case,
            f"{reason}; provide one by the hook nntrain_cases: Case('small', {{'type': '{entry.name}', ...}}, x{kind})",
        )
    trial = TrainingCase(entry.name.lower(), cast(Any, entry.kind))
    with suppress(Exception):  # reported as a failure, like the others
        if problems := find_option_problems(trial.spec, trial.kind):
            kind = "" if entry.kind == "optimizer" else f", kind={entry.kind!r}"
            example = f"TrainingCase({{'type': '{trial.spec}', ...}}{kind})"
            return None, f"{problems[0][1]}; provide one by the hook nntrain_cases: {example}"
    return trial, ""


def get_checks(cases: list[AnyCase]) -> tuple[str, ...]:
    """Return the names of the checks for the cases of one class."""
    checks: set[str] = set()
    for case in cases:
        if isinstance(case, TrainingCase):
            checks.update(training.CHECKS[case.kind])
        else:
            checks.update(check for check in nn.CHECKS if nn.is_applicable(check, case))
    return tuple(check for check in ADVICE if check in checks)


def find_failures(case: AnyCase) -> list[CheckFailure]:
    """Return the failures of a case; one failure if it cannot run at all."""
    try:
        case.build() if isinstance(case, TrainingCase) else run_pass(prepare_component(case), case)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}".splitlines()[0]
        return [CheckFailure(RUN_CHECK, str(case), problem, "the class of the case cannot be built or run")]
    found = training.find_failures(case) if isinstance(case, TrainingCase) else nn.find_failures(case)
    failed = {error.message: error for error in reversed(found) if error.__cause__ is not None}
    return [
        CheckFailure(
            error.check, error.case, error.message, ERROR_ADVICE if error.message in failed else ADVICE[error.check]
        )
        for error in found
        if failed.get(error.message, error) is error
    ]
