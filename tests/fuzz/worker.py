"""A process that tries cases, watched from outside: one that hangs is killed, one that crashes is begun again."""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests.folder_facts import changes, facts
from tests.fuzz.attacks.path_attacks import EXPECTED
from tests.fuzz.attempt import ROOM, SUCCESS, attempt, taken
from tests.fuzz.case import Case
from tests.fuzz.corpus import Corpus
from tests.fuzz.outside import Outside

__all__ = ["Told", "Worker"]

# Seconds for one case. Most take some milliseconds; but a config may ask for millions of units.
PATIENCE = 120


@dataclass(frozen=True)
class Told:
    """What came of a case: ``success``, the name of an error of the project, or one of FAULTS; and in words."""

    outcome: str
    words: str
    arguments: Sequence[str] = ()


class Worker:
    """One process in a folder of its own, begun when it is needed."""

    def __init__(self, corpus: Path, folder: Path) -> None:
        self.corpus = corpus
        self.folder = folder
        self.log = folder.with_suffix(".log")
        self.process: multiprocessing.process.BaseProcess | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def case(self, case: Case) -> Told:
        """Try a case."""
        return self.ask(case)

    def command(self, *arguments: str) -> Told:
        """Try a command in the folder, which must exist."""
        return self.ask(arguments)

    def ask(self, question: Case | Sequence[str]) -> Told:
        """The answer, or what the silence means."""
        if self.process is None:
            self.begin()
        self.pipe.send(question)
        if not self.pipe.poll(PATIENCE):
            self.end()
            return Told("hang", self.last_words())
        try:
            return self.pipe.recv()
        except (EOFError, ConnectionError):
            assert self.process is not None
            self.process.join()
            code = self.process.exitcode or 0
            self.end()
            name = signal.Signals(-code).name if code < 0 else f"exit {code}"
            return Told("crash", f"{name}\n{self.last_words()}")

    def begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, self.corpus, self.folder, self.log), daemon=True)
        self.process.start()
        other.close()

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
            self.process = None

    def last_words(self) -> str:
        """What the process was doing, as Python saw it."""
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""


def serve(pipe: Connection, corpus: Path, folder: Path, log: Path) -> None:
    """Answer until nobody asks."""
    limit()
    with open(log, "w") as words, contextlib.suppress(EOFError, KeyboardInterrupt):
        os.dup2(words.fileno(), 1)
        os.dup2(words.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        faulthandler.enable(words)
        folder.mkdir(exist_ok=True)
        os.chdir(folder)
        while True:
            question = pipe.recv()
            words.truncate(0)
            faulthandler.dump_traceback_later(PATIENCE - 2, file=words)
            pipe.send(tried(question, Corpus(corpus), folder))
            faulthandler.cancel_dump_traceback_later()


def tried(question: Case | Sequence[str], corpus: Corpus, folder: Path) -> Told:
    """A case, or a command in the folder as it is."""
    if not isinstance(question, Case):
        return Told(*attempt(question), question)
    outside = Outside.of(folder)
    clear(folder)
    outside.make()
    arguments = question.prepare(corpus, folder)
    others = (outside.folder, corpus.folder)
    before = [facts(other) for other in others]
    outcome, words = attempt(arguments)
    changed = [name for other, known in zip(others, before, strict=True) for name in changes(known, facts(other))]
    if changed:
        outcome, words = "outside", f"changed: {changed}"
    expected = folder / EXPECTED
    if outcome == SUCCESS and expected.exists() and (folder / "out.csv").read_bytes() != expected.read_bytes():
        outcome, words = "misread", "other predictions than of the same rows under another name"
    return Told(outcome, words, arguments)


def clear(folder: Path) -> None:
    """Make a folder empty."""
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()


def limit() -> None:
    """Let the process take no more than ROOM on top of what it has, where the system can hold it to that."""
    with contextlib.suppress(ImportError):
        import resource

        if taken():
            resource.setrlimit(resource.RLIMIT_AS, (taken() + ROOM,) * 2)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
