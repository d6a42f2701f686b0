"""Plugins held against the laws of what they bring."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import Any, cast

from nntrain.errors import SpecError, UnknownNameError, nearest
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import Plugin, Registered, Registry
from nntrain.nn import testing as nn
from nntrain.nn.testing import Case
from nntrain.nn.testing.guess import guessed
from nntrain.nn.testing.passes import passed, prepared
from nntrain.training import testing as training
from nntrain.training.testing import Trial
from nntrain.training.verdict import Fault, Verdict

__all__ = ["examined"]

# What stands in the place of all laws where nothing can be computed.
RUNS = "it_runs"

ADVICES = {**nn.ADVICE, **training.ADVICE}


def examined(registry: Registry, word: str | None) -> Iterator[Verdict]:
    """The verdicts on a distribution, a plugin or a class; without ``word`` on all that is not nntrain's own.

    UnknownNameError if nothing is called so.
    """
    known: set[str] = set()
    found = False
    for plugin in registry.plugins:
        names = {plugin.name, canonical(plugin.distribution)}
        whole = plugin.distribution != PROJECT if word is None else bool({word, canonical(word)} & names)
        entries = [entry for entry in plugin.provides if whole or entry.name == word]
        known |= {plugin.name, plugin.distribution, *(entry.name for entry in plugin.provides)}
        if whole or entries:
            found = True
            yield from verdicts(plugin, entries)
    if word is not None and not found:
        raise UnknownNameError(f"no plugin, distribution or class is called {word!r}{nearest(word, known)}")


def canonical(distribution: str) -> str:
    """The name of a distribution as installers compare it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def verdicts(plugin: Plugin, entries: Iterable[Registered]) -> Iterator[Verdict]:
    """The verdicts on classes of one plugin, or on the plugin if it is broken."""
    if plugin.error is not None:
        fault = Fault("loading", plugin.name, plugin.error, "this comes up where it is imported or its hooks are asked")
        yield Verdict(plugin.distribution, plugin.version, plugin.name, "plugin", plugin.name, faults=(fault,))
        return
    cases = [case for answer in plugin.hook.nntrain_cases() for case in answer]
    names = {entry.name for entry in plugin.provides}
    for entry in entries:
        with warnings.catch_warnings(record=True) as told, redirect_stdout(StringIO()):
            warnings.simplefilter("always")
            verdict = verdict_on(entry, [case for case in cases if is_about(case, entry, names)])
        going = {str(warning.message): None for warning in told if issubclass(warning.category, DeprecationWarning)}
        yield replace(verdict, deprecated=tuple(going))


def is_about(case: Case | Trial, entry: Registered, names: set[str]) -> bool:
    """Whether a case is about a class: that of its spec, or one inside it if that is no class of the plugin."""
    if isinstance(case, Trial):
        return case.kind == entry.kind and str(case).lower() == entry.name.lower()
    return entry.name in ({case.spec["type"]} & names or set(types(case.spec)) & names)


def types(spec: Any) -> Iterator[str]:
    """Every class that a spec names."""
    if isinstance(spec, dict):
        if isinstance(spec.get("type"), str):
            yield spec["type"]
        spec = list(spec.values())
    if isinstance(spec, list | tuple):
        for item in spec:
            yield from types(item)


def verdict_on(entry: Registered, cases: list[Any]) -> Verdict:
    """The verdict on one class in its cases, or in one that is guessed."""
    blank = Verdict(entry.distribution, entry.version, entry.plugin, entry.kind, entry.name)
    if not cases:
        case, why = guess(entry)
        if case is None:
            return replace(blank, unchecked=why)
        cases = [case]
    faults = [fault for case in cases for fault in faults_in(case)]
    return replace(
        blank,
        cases=tuple(str(case) for case in cases),
        laws=laws_for(cases),
        skipped={law: reason for case in cases if isinstance(case, Case) for law, reason in case.skip.items()},
        faults=tuple(sorted(faults, key=lambda fault: [RUNS, *ADVICES].index(fault.law))),
    )


def guess(entry: Registered) -> tuple[Case | Trial | None, str]:
    """A case for a class that has none, or why there is none."""
    if entry.kind in ("module", "criterion"):
        case, why = guessed(entry.cls)
        return case, f"{why}; tell a case by the hook nntrain_cases"
    if entry.kind not in training.LAWS:
        return None, f"there are no laws for a {entry.kind}"
    trial = Trial(entry.name.lower(), cast(Any, entry.kind))
    try:
        trial.made()
    except SpecError as error:
        return None, f"{error}; tell a Trial by the hook nntrain_cases"
    return trial, ""


def laws_for(cases: list[Any]) -> tuple[str, ...]:
    """The laws that cases are held against."""
    first = cases[0]
    if isinstance(first, Trial):
        return tuple(training.LAWS[first.kind])
    return tuple(law for law in nn.LAWS if any(nn.applies(law, case) for case in cases))


def faults_in(case: Case | Trial) -> list[Fault]:
    """The laws that are broken in a case; one fault if it cannot be run at all."""
    try:
        case.made() if isinstance(case, Trial) else passed(prepared(case), case)
    except Exception as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return [Fault(RUNS, str(case), what, "what the case says cannot be run")]
    found = training.broken(case) if isinstance(case, Trial) else nn.broken(case)
    return [Fault(error.law, error.case, error.what, ADVICES[error.law]) for error in found]
