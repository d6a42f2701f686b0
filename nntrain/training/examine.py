"""Plugins held against the laws of what they bring."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import Any

from nntrain.errors import UnknownNameError, nearest
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import Plugin, Registered, Registry
from nntrain.nn.testing.advice import ADVICE
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.guess import guessed
from nntrain.nn.testing.laws import LAWS, applies, broken
from nntrain.nn.testing.passes import passed, prepared
from nntrain.training.verdict import Fault, Verdict

__all__ = ["examined"]

# What stands in the place of all laws where nothing can be computed.
RUNS = "it_runs"


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
        fault = Fault("loading", plugin.name, plugin.error, "NNTRAIN_PLUGIN_DEBUG=1 shows where")
        yield Verdict(plugin.distribution, plugin.version, plugin.name, "plugin", plugin.name, faults=(fault,))
        return
    cases = [case for answer in plugin.hook.nntrain_cases() for case in answer]
    names = {entry.name for entry in plugin.provides}
    for entry in entries:
        with warnings.catch_warnings(record=True) as told, redirect_stdout(StringIO()):
            warnings.simplefilter("always")
            verdict = verdict_on(entry, [case for case in cases if entry.name in subjects(case, names)])
        going = {str(warning.message): None for warning in told if issubclass(warning.category, DeprecationWarning)}
        yield replace(verdict, deprecated=tuple(going))


def subjects(case: Case, names: set[str]) -> set[str]:
    """The classes that a case is about: that of its spec, or those inside it if that is no class of the plugin."""
    return {case.spec["type"]} & names or set(types(case.spec)) & names


def types(spec: Any) -> Iterator[str]:
    """Every class that a spec names."""
    if isinstance(spec, dict):
        if isinstance(spec.get("type"), str):
            yield spec["type"]
        spec = list(spec.values())
    if isinstance(spec, list | tuple):
        for item in spec:
            yield from types(item)


def verdict_on(entry: Registered, cases: list[Case]) -> Verdict:
    """The verdict on one class in its cases, or in one that is guessed."""
    blank = Verdict(entry.distribution, entry.version, entry.plugin, entry.kind, entry.name)
    if entry.kind not in ("module", "criterion"):
        return replace(blank, unchecked="there are no laws for its kind")
    if not cases:
        case, why = guessed(entry.cls)
        if case is None:
            return replace(blank, unchecked=f"{why}; tell a case by the hook nntrain_cases")
        cases = [case]
    faults = [fault for case in cases for fault in faults_in(case)]
    return replace(
        blank,
        cases=tuple(case.name for case in cases),
        laws=tuple(law for law in LAWS if any(applies(law, case) for case in cases)),
        skipped={law: reason for case in cases for law, reason in case.skip.items()},
        faults=tuple(sorted(faults, key=lambda fault: [RUNS, *ADVICE].index(fault.law))),
    )


def faults_in(case: Case) -> list[Fault]:
    """The laws that are broken in a case; one fault if it cannot be run at all."""
    try:
        passed(prepared(case), case)
    except Exception as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return [Fault(RUNS, str(case), what, "a pass of the case fails")]
    return [Fault(error.law, error.case, error.what, ADVICE[error.law]) for error in broken(case)]
