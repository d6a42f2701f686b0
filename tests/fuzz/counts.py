"""What came of all cases."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from tests.fuzz.attempt import FAULTS, SUCCESS
from tests.fuzz.case import WAYS, Case
from tests.fuzz.worker import Told

__all__ = ["Counts"]


class Counts:
    """Outcomes by kind of file and mutation; ``found``: what must not be, by where it came from, with its cases."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        self.found: dict[str, list[int]] = {}
        self.lock = Lock()

    @property
    def total(self) -> int:
        return self.outcomes.total()

    @property
    def faults(self) -> int:
        return sum(count for (_, _, outcome), count in self.outcomes.items() if outcome in FAULTS)

    def enter(self, case: Case, told: Told) -> None:
        """Count a case; the first of its sort that must not be is printed."""
        with self.lock:
            self.outcomes[case.kind, case.mutation, told.outcome] += 1
            if told.outcome in FAULTS:
                what = "\n  ".join([f"{told.outcome}: {case.kind}", *told.words.splitlines()])
                cases = self.found.setdefault(sort_of(told), [])
                cases.append(case.number)
                if len(cases) == 1:
                    print(f"case {case.number}: nntrain {' '.join(told.arguments)}\n  {what}", flush=True)

    def table(self) -> str:
        """A row for each kind of file and mutation: cases, successes, errors of the project, and the rest."""
        head = ("file", "mutation", "cases", "read", "refused", *FAULTS)
        lines = [f"| {' | '.join(head)} |", "|---|---|" + "--:|" * (len(head) - 2)]
        lines += [self.row(*way) for way in (*sorted(WAYS), ("all", "all"))]
        sorts = [f"{len(cases)} × {sort}: cases {cases[:5]}" for sort, cases in sorted(self.found.items())]
        return "\n".join([*lines, "", *sorts])

    def row(self, kind: str, mutation: str) -> str:
        """One line of the table."""
        mine: Counter[str] = Counter()
        for (of_kind, of_mutation, outcome), count in self.outcomes.items():
            if kind in (of_kind, "all") and mutation in (of_mutation, "all"):
                mine[outcome] += count
        bad = [mine[fault] for fault in FAULTS]
        numbers = [mine.total(), mine[SUCCESS], mine.total() - mine[SUCCESS] - sum(bad), *bad]
        return f"| {kind} | {mutation} | " + " | ".join(f"{number:,}" for number in numbers) + " |"


def sort_of(told: Told) -> str:
    """Faults of one sort: the same error from the same place."""
    lines = told.words.splitlines() or [""]
    places = [line for line in lines[1:] if "nntrain" in line]
    return " ".join([told.outcome, lines[0].split(":")[0][:60], *places[-1:]])
