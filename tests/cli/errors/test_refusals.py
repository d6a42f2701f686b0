"""What the system refused is named with the limit that was set, in whatever words it comes."""

import signal
from types import SimpleNamespace
from typing import Any

import pytest

from nntrain.cli import main as command_line
from nntrain.cli.main import run_command
from nntrain.errors import CheckpointError
from nntrain.system_limits import explain_cpu_limit, explain_system_error

resource = pytest.importorskip("resource", reason="this system has no limits that a test can set")


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """Limits of the system that are set, of which there are none at first."""
    found: dict[int, int] = {}
    infinite = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda limit: (found.get(limit, infinite), infinite))
    return found


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError(), "not enough memory; raise the limit of 900 MB (ulimit -v)"),
        (OSError(12, "Cannot allocate memory"), "not enough memory; raise the limit of 900 MB (ulimit -v)"),
        (
            RuntimeError("can't start new thread"),
            "cannot start another thread; raise the limit of 900 MB (ulimit -v) or 20 (ulimit -u), "
            "or set NNTRAIN_THREADS=1",
        ),
        (
            ImportError("libopenblas.so.0: failed to map segment from shared object"),
            "not enough memory; raise the limit of 900 MB (ulimit -v)",
        ),
        (
            ImportError("libz.so.1: cannot open shared object file: Error 24"),
            "too many open files; raise the limit of 12 (ulimit -n)",
        ),
        (RuntimeError("std::bad_alloc"), "not enough memory; raise the limit of 900 MB (ulimit -v)"),
        (
            ValueError("Unable to allocate 3.2 GiB for an array"),
            "not enough memory; raise the limit of 900 MB (ulimit -v), or try fewer rows or a smaller network",
        ),
        (OSError(27, "File too large"), "file too large; raise the limit of 512 B (ulimit -f)"),
        (
            CheckpointError("a.h5: cannot start a sandbox process to read the file: Resource unavailable"),
            "cannot start another process; raise the limit of 20 (ulimit -u) or 900 MB (ulimit -v)",
        ),
        (KeyError("allocate"), None),
        (ImportError("No module named 'numpy'"), None),
    ],
)
def test_refusals_are_known_by_their_words_and_name_the_limit(
    error: Exception, line: str | None, limits: dict[int, int]
) -> None:
    limits.update({resource.RLIMIT_AS: 900 * 10**6, resource.RLIMIT_NOFILE: 12, resource.RLIMIT_FSIZE: 512})
    limits[resource.RLIMIT_NPROC] = 20
    assert explain_system_error(error) == line


def test_without_a_limit_the_machine_has_too_little(limits: dict[int, int]) -> None:
    assert explain_system_error(MemoryError()) == "not enough memory; free some"
    thread = RuntimeError("can't start new thread")
    assert explain_system_error(thread) == "cannot start another thread; stop others, or set NNTRAIN_THREADS=1"


def test_a_refusal_behind_another_error_is_known(limits: dict[int, int]) -> None:
    error = ValueError("no network")
    error.__cause__ = MemoryError()
    assert explain_system_error(error) == "not enough memory; free some"


def test_a_refusal_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], limits: dict[int, int]
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(command_line, "cli", SimpleNamespace(main=refused))
    assert run_command(["show", "run"]) == 1
    assert capsys.readouterr().err == "Error: cannot start another thread; stop others, or set NNTRAIN_THREADS=1\n"


@pytest.mark.parametrize(("seconds", "reached"), [(3.5, False), (4.99, True), (5.01, True)])
def test_the_limit_of_cpu_time_is_named_once_it_is_reached(
    seconds: float, reached: bool, limits: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nntrain.system_limits.time", SimpleNamespace(process_time=lambda: seconds))
    limits[resource.RLIMIT_CPU] = 5
    assert explain_cpu_limit() is None, "no signal came"
    monkeypatch.setattr(signal, "getsignal", lambda number: signal.SIG_IGN)
    assert explain_cpu_limit() == ("reached the CPU time limit (ulimit -t)" if reached else None)
    limits.clear()
    assert explain_cpu_limit() is None
