"""``python -m tests.fuzz --cases 20000 --seed 1``: mutate files, and see that nntrain reads or refuses each in words.

A table says what came of how many; whatever must not be is told with its number. ``--case 123`` tries that one alone
and keeps its files.

``python -m tests.fuzz columns --seed 1 --count 10000``: write columns with known values in tables, and see that nntrain
reads these values, keeps the texts as they are, or refuses the file.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.case import WAYS, Case
from tests.fuzz.column_check import check_columns
from tests.fuzz.columns import ColumnFile
from tests.fuzz.corpus import Corpus
from tests.fuzz.counts import Counts
from tests.fuzz.worker import Worker

__all__ = ["corpus_in", "fuzz"]


def main() -> None:
    """Print the counts; exit with 1 if there is anything that must not be."""
    if sys.argv[1:2] == ["columns"]:
        columns(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--workers", type=int, default=2, help="processes at once")
    parser.add_argument("--kind", choices=sorted({kind for kind, _ in WAYS}), help="only cases of this kind")
    parser.add_argument("--way", choices=sorted({way for _, way in WAYS}), help="only cases of this mutation or attack")
    parser.add_argument("--case", type=int, help="only this one")
    said = parser.parse_args()
    if said.case is not None:
        one(Path(tempfile.mkdtemp(prefix="nntrain-fuzz-")), said.seed, said.case)
        return
    with tempfile.TemporaryDirectory(prefix="nntrain-fuzz-") as place:
        corpus_in(Path(place))
        began = time.monotonic()
        numbers = range(said.first, said.first + said.cases)
        cases = [Case.of(said.seed, number) for number in numbers]
        wanted = [case for case in cases if said.kind in (None, case.kind) and said.way in (None, case.mutation)]
        counts = fuzz(Path(place), wanted, said.workers)
    print(counts.table())
    print(f"{counts.total:,} cases in {time.monotonic() - began:.0f} s; {counts.faults} that must not be.")
    sys.exit(bool(counts.faults))


def columns(arguments: list[str]) -> None:
    """Try columns with known values."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz columns")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000, help="columns")
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    parser.add_argument("--file", type=int, help="print this one")
    said = parser.parse_args(arguments)
    if said.file is not None:
        print(ColumnFile.of(said.seed, said.file).content, end="")
        return
    began = time.monotonic()
    found = check_columns(said.seed, said.count, first=said.first)
    print(found.table())
    print("\n".join(["", *map(str, found.faults)]))
    print(f"{found.columns:,} columns in {time.monotonic() - began:.0f} s; {len(found.faults)} misread.")
    sys.exit(bool(found.faults))


def one(folder: Path, seed: int, number: int) -> None:
    """Tell all of one case, and leave its files."""
    corpus_in(folder)
    case = Case.of(seed, number)
    with Worker(folder / "corpus", folder / "case") as worker:
        told = worker.case(case)
    print(f"{case} in {folder / 'case'}")
    print(f"nntrain {' '.join(told.arguments)}\n{told.outcome}: {told.words}")


def corpus_in(folder: Path) -> Corpus:
    """The good files, in a folder beside those of the workers."""
    place = folder / "corpus"
    place.mkdir()
    with contextlib.chdir(place), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        Corpus(Path()).make()
    return Corpus(place)


def fuzz(folder: Path, cases: Iterable[Case], workers: int) -> Counts:
    """Try the cases, and count what came of them."""
    waiting = iter(cases)
    counts = Counts()

    def work(name: str) -> None:
        with Worker(folder / "corpus", folder / name) as worker:
            # One thread takes its next case while another does: a list's iterator may be shared.
            for case in waiting:
                counts.enter(case, worker.case(case))

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, [f"worker-{index}" for index in range(workers)]))
    return counts


if __name__ == "__main__":
    main()
